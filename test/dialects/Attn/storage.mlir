// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Round trip of gathers and scatters of rows, and their shapes.

!t = tensor<?x8x?x64xbf16>

// CHECK-LABEL: func.func @rows
func.func @rows(%k: !t, %order: tensor<1x8x?xi32>, %init: !t) -> !t {
  // CHECK: attn.gather_rows %{{.*}}[%{{.*}}] layout(bhsd) : tensor<?x8x?x64xbf16>, tensor<1x8x?xi32> -> tensor<?x8x?x64xbf16>
  %ks = attn.gather_rows %k[%order] layout(bhsd) : !t, tensor<1x8x?xi32> -> !t
  // CHECK: attn.scatter_rows %{{.*}}[%{{.*}}] into %{{.*}} layout(bhsd) : tensor<?x8x?x64xbf16>, tensor<1x8x?xi32>, tensor<?x8x?x64xbf16>
  %o = attn.scatter_rows %ks[%order] into %init layout(bhsd) : !t, tensor<1x8x?xi32>, !t
  return %o : !t
}

// CHECK-LABEL: func.func @packed
func.func @packed(%k: tensor<?x8x64xf32>, %order: tensor<1x1x100xi32>) -> tensor<100x8x64xf32> {
  // CHECK: attn.gather_rows %{{.*}}[%{{.*}}] layout(shd) : tensor<?x8x64xf32>, tensor<1x1x100xi32> -> tensor<100x8x64xf32>
  %ks = attn.gather_rows %k[%order] layout(shd) : tensor<?x8x64xf32>, tensor<1x1x100xi32> -> tensor<100x8x64xf32>
  return %ks : tensor<100x8x64xf32>
}

// CHECK-LABEL: func.func @pages
func.func @pages(%k: tensor<?x16x8x64xf16>, %table: tensor<4x10xi32>) -> tensor<4x160x8x64xf16> {
  // CHECK: attn.gather_pages %{{.*}}[%{{.*}}] layout(bshd) : tensor<?x16x8x64xf16>, tensor<4x10xi32> -> tensor<4x160x8x64xf16>
  %ks = attn.gather_pages %k[%table] layout(bshd) : tensor<?x16x8x64xf16>, tensor<4x10xi32> -> tensor<4x160x8x64xf16>
  return %ks : tensor<4x160x8x64xf16>
}
