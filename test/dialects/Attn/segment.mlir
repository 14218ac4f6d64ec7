// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @segment
func.func @segment(%cu: tensor<?xi32>, %buffer: memref<5xi32>) {
  // CHECK: attn.equal query {
  // CHECK: attn.segment %{{.*}}[%{{.*}}] : tensor<?xi32>
  // CHECK: } key {
  // CHECK: attn.segment %{{.*}}[%{{.*}}] : memref<5xi32>
  %m = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %d = attn.segment %cu[%q] : tensor<?xi32>
    attn.yield %d : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %d = attn.segment %buffer[%k] : memref<5xi32>
    attn.yield %d : index
  }
  return
}
