// RUN: not lacuna-opt %s -attn-link-masks=libraries=%S/Inputs/library.mlir 2>&1 | FileCheck %s
// Recursion across a library file is an error that shows the chain.
// CHECK: library.mlir:14:{{.*}}error: {{.*}}expects a mask that does not name itself, but got loop_a -> loop_b -> loop_a
func.func @circle() {
  %m = attn.named @loop_a()
  return
}
