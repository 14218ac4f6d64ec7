// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @neighborhood
// CHECK-SAME: %[[F:.*]]: index
func.func @neighborhood(%f: index) {
  // CHECK: attn.neighborhood space[96] window[15]{{$}}
  %one = attn.neighborhood space[96] window[15]
  // CHECK: attn.neighborhood space[8, 12] window[5, 5] stride[2, 1]{{$}}
  %two = attn.neighborhood space[8, 12] window[5, 5] stride[2, 1] dilation[1, 1] causal[false, false]
  // CHECK: attn.neighborhood space[%[[F]], 48, 80] window[18, %[[F]], 24] stride[16, %[[F]], 8] dilation[1, 2, %[[F]]] causal[true, false, false]
  %three = attn.neighborhood space[%f, 48, 80] window[18, %f, 24] stride[16, %f, 8] dilation[1, 2, %f] causal[true, false, false]
  // CHECK: attn.neighborhood space[96] window[15] dilation[%[[F]]]{{$}}
  %four = attn.neighborhood space[96] window[15] dilation[%f]
  // CHECK: attn.neighborhood space[8, %[[F]]] window[5, 5] causal[true, false] query_box[4, 8] key_box[2, 16]{{$}}
  %five = attn.neighborhood space[8, %f] window[5, 5] causal[true, false] query_box[4, 8] key_box[2, 16]
  // CHECK: attn.neighborhood space[8, 8] window[5, 5] key_box[1, 4]{{$}}
  %six = attn.neighborhood space[8, 8] window[5, 5] query_box[1, 1] key_box[1, 4]
  return
}
