// RUN: lacuna-opt %s -attn-link-masks=libraries=%S/Inputs/library.mlir | FileCheck %s
// Names resolve to this module, then to the files given, then to the built-in library; library masks may name others.

!t = tensor<1x2x?x64xf32>

// CHECK-LABEL: func.func @builtin
// CHECK-NOT: attn.named
// CHECK: %[[M:.*]] = attn.interval {
// CHECK: attn.attention {{.*}} mask(%[[M]])
func.func @builtin(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.named @strict_causal()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// The parameters of the definition become the arguments; a table keeps its static shape.
// CHECK-LABEL: func.func @from_file
// CHECK-SAME: %[[W:[^,]*]]: index, %[[TABLE:.*]]: tensor<1xi32>)
// CHECK: %[[S:.*]] = attn.interval {
// CHECK: %[[L:.*]] = attn.key_lengths %[[TABLE]] : tensor<1xi32>
// CHECK: %[[C:.*]] = attn.interval {
// CHECK: arith.maxsi %[[W]]
// CHECK: %[[M:.*]] = attn.and %[[S]], %[[L]], %[[C]]
// CHECK: attn.attention {{.*}} mask(%[[M]])
func.func @from_file(%q: !t, %k: !t, %v: !t, %w: index, %table: tensor<1xi32>) -> !t {
  %m = attn.named @mine(%w, %table : index, tensor<1xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @file_hides_builtin
// CHECK: attn.all
func.func @file_hides_builtin(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.named @prefix()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-NOT: func.func private @own
func.func private @own(%n: index) -> !attn.mask {
  %m = attn.sink_tokens [%n]
  return %m : !attn.mask
}

// CHECK-LABEL: func.func @from_module
// CHECK: attn.sink_tokens [%{{.*}}]
// CHECK-NOT: attn.named
func.func @from_module(%q: !t, %k: !t, %v: !t, %n: index) -> !t {
  %m = attn.named @own(%n : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
