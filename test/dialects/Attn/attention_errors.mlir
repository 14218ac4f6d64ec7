// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @layout(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects layout bhsd, bshd or shd, but got sbhd}}
  %r = attn.attention %q, %k, %v layout(sbhd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @twice(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects at most one group scale}}
  %r = attn.attention %q, %k, %v layout(bhsd) scale(1.0) scale(2.0) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @rank(%q: tensor<2x4x?x64xf32>, %k: tensor<4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects key of rank 4 for layout bhsd, but got}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @element(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf16>) {
  // expected-error@+1 {{expects value of the query's element type 'f32', but got}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf16> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @head_size_range(%q: tensor<2x4x?x260xf32>, %k: tensor<2x4x?x260xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects a static head size of query in [8, 256], a multiple of 8, but got 260}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x260xf32>, tensor<2x4x?x260xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @head_size_multiple(%q: tensor<2x4x?x12xf32>, %k: tensor<2x4x?x12xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects a static head size of query in [8, 256], a multiple of 8, but got 12}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x12xf32>, tensor<2x4x?x12xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @head_size_dynamic(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x?xf32>) {
  // expected-error@+1 {{expects a static head size of value in [8, 256], a multiple of 8, but got a dynamic one}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x?xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @head_size_key(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x32xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects the head size of key to be 64, but got 32}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x32xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @value_heads(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x2x?x64xf32>) {
  // expected-error@+1 {{expects the number of heads of value to be 4, but got 2}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x2x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @value_length(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x7x64xf32>, %v: tensor<2x4x8x64xf32>) {
  // expected-error@+1 {{expects the length of value to be 7, but got 8}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x7x64xf32>, tensor<2x4x8x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @key_batch(%q: tensor<2x4x?x64xf32>, %k: tensor<3x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects the batch size of key to be 2, but got 3}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<3x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @value_batch(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<3x4x?x64xf32>) {
  // expected-error@+1 {{expects the batch size of value to be 2, but got 3}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<3x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @no_heads(%q: tensor<2x4x?x64xf32>, %k: tensor<2x0x?x64xf32>, %v: tensor<2x0x?x64xf32>) {
  // expected-error@+1 {{expects at least one head in key, but got 0}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x0x?x64xf32>, tensor<2x0x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @groups(%q: tensor<2x4x?x64xf32>, %k: tensor<2x3x?x64xf32>, %v: tensor<2x3x?x64xf32>) {
  // expected-error@+1 {{expects the number of query heads to be a multiple of the number of key heads, but got 4 and 3}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x3x?x64xf32>, tensor<2x3x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @many_results(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects 1 to 3 results (O, LSE, row max), but got 4}}
  %r:4 = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>, tensor<2x4x?xf32>, tensor<2x4x?xf32>, tensor<2x4x?xf32>
  return
}

// -----

func.func @output_type(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects result O of type 'tensor<2x4x?x64xf32>', but got 'tensor<2x4x?x64xf16>'}}
  %r = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf16>
  return
}

// -----

func.func @lse_type(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects result LSE of type 'tensor<2x4x?xf32>', but got 'tensor<2x4x?xf16>'}}
  %r:2 = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>, tensor<2x4x?xf16>
  return
}

// -----

func.func @row_max_shape(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects result row max of type 'tensor<2x4x?xf32>', but got 'tensor<2x4xf32>'}}
  %r:3 = attn.attention %q, %k, %v layout(bhsd) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>, tensor<2x4x?xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @sinks(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{expects sink_logits with one f32 per query head, but got}}
  %r = attn.attention %q, %k, %v layout(bhsd) sink_logits(%s : tensor<3xf32>) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @schedule(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects positive sizes in the schedule, but got #attn.schedule<tile_m = 0, tile_n = 32>}}
  %r = attn.attention %q, %k, %v layout(bhsd) schedule(#attn.schedule<tile_m = 0, tile_n = 32>) : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @score_arguments(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects a score region with arguments (f32 score, index batch, index head, index query, index key), but got}}
  %r = attn.attention %q, %k, %v layout(bhsd) score {
  ^bb0(%x: f32, %b: index):
    attn.yield %x : f32
  } : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @score_type(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects a score region that yields one f32}}
  %r = attn.attention %q, %k, %v layout(bhsd) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    attn.yield %j : index
  } : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @score_impure(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>, %t: memref<?xf32>) {
  %r = attn.attention %q, %k, %v layout(bhsd) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    // expected-error@+1 {{is not allowed in a score region: expects pure scalar ops without regions}}
    %y = memref.load %t[%j] : memref<?xf32>
    attn.yield %y : f32
  } : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}

// -----

func.func @no_layout(%q: tensor<2x4x?x64xf32>, %k: tensor<2x4x?x64xf32>, %v: tensor<2x4x?x64xf32>) {
  // expected-error@+1 {{expects layout(bhsd | bshd | shd)}}
  %r = attn.attention %q, %k, %v : tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32>, tensor<2x4x?x64xf32> -> tensor<2x4x?x64xf32>
  return
}
