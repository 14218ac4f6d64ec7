// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @rank(%k: tensor<8x?x64xf32>, %o: tensor<1x8x?xi32>) {
  // expected-error@+1 {{expects a result of rank 4 for layout bhsd, but got 'tensor<8x?x64xf32>'}}
  %x = attn.gather_rows %k[%o] layout(bhsd) : tensor<8x?x64xf32>, tensor<1x8x?xi32> -> tensor<8x?x64xf32>
  return
}

// -----

func.func @length(%k: tensor<1x8x?x64xf32>, %o: tensor<1x8x10xi32>) {
  // expected-error@+1 {{expects a result of type 'tensor<1x8x10x64xf32>', but got 'tensor<1x8x11x64xf32>'}}
  %x = attn.gather_rows %k[%o] layout(bhsd) : tensor<1x8x?x64xf32>, tensor<1x8x10xi32> -> tensor<1x8x11x64xf32>
  return
}

// -----

func.func @rows(%k: tensor<1x8x?x64xf32>, %o: tensor<8x?xi32>) {
  // expected-error@+1 {{operand #1 must be 3D tensor of 32-bit signless integer}}
  %x = attn.gather_rows %k[%o] layout(bhsd) : tensor<1x8x?x64xf32>, tensor<8x?xi32> -> tensor<1x8x?x64xf32>
  return
}

// -----

func.func @element(%k: tensor<1x8x?x64xf32>, %o: tensor<1x8x?xi32>) {
  // expected-error@+1 {{expects a result of type 'tensor<1x8x?x64xf32>', but got 'tensor<1x8x?x64xbf16>'}}
  %x = attn.gather_rows %k[%o] layout(bhsd) : tensor<1x8x?x64xf32>, tensor<1x8x?xi32> -> tensor<1x8x?x64xbf16>
  return
}

// -----

func.func @packed_pages(%k: tensor<?x8x64xf32>, %t: tensor<4x10xi32>) {
  // expected-error@+1 {{expects layout bhsd or bshd, but got shd}}
  %x = attn.gather_pages %k[%t] layout(shd) : tensor<?x8x64xf32>, tensor<4x10xi32> -> tensor<?x8x64xf32>
  return
}

// -----

func.func @page_size(%k: tensor<?x8x?x64xf32>, %t: tensor<4x10xi32>) {
  // expected-error@+1 {{expects a static page size of at least 1, but got 'tensor<?x8x?x64xf32>'}}
  %x = attn.gather_pages %k[%t] layout(bhsd) : tensor<?x8x?x64xf32>, tensor<4x10xi32> -> tensor<4x8x?x64xf32>
  return
}

// -----

func.func @page_length(%k: tensor<?x8x16x64xf32>, %t: tensor<4x10xi32>) {
  // expected-error@+1 {{expects a result of type 'tensor<4x8x160x64xf32>', but got 'tensor<4x8x10x64xf32>'}}
  %x = attn.gather_pages %k[%t] layout(bhsd) : tensor<?x8x16x64xf32>, tensor<4x10xi32> -> tensor<4x8x10x64xf32>
  return
}

// -----

func.func @scatter(%s: tensor<1x8x9x64xf32>, %o: tensor<1x8x10xi32>, %i: tensor<1x8x?x64xf32>) {
  // expected-error@+1 {{expects a source of type 'tensor<1x8x10x64xf32>', but got 'tensor<1x8x9x64xf32>'}}
  %x = attn.scatter_rows %s[%o] into %i layout(bhsd) : tensor<1x8x9x64xf32>, tensor<1x8x10xi32>, tensor<1x8x?x64xf32>
  return
}
