// RUN: lacuna-opt %s -split-input-file -host-carry-in-place | FileCheck %s
// What a loop yields is copied into what it carries, unless it is made there.

// CHECK-LABEL: func.func @elsewhere
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK: %[[Y:.*]] = linalg.generic
// CHECK: %[[Z:.*]] = bufferization.materialize_in_destination %[[Y]] in %[[X]] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK: scf.yield %[[Z]]
#id = affine_map<(d0) -> (d0)>
func.func @elsewhere(%q: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %a : f32
      linalg.yield %s : f32
    } -> tensor<4xf32>
    scf.yield %y : tensor<4xf32>
  }
  return %o : tensor<4xf32>
}

// -----

// By insertion, in both branches or in an inner loop: nothing is copied. Neither are numbers.
// CHECK-LABEL: func.func @there
// CHECK-NOT: materialize_in_destination
func.func @there(%q: tensor<4xf32>, %n: index, %f: f32, %c: i1) -> (tensor<4xf32>, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q, %s = %f) -> (tensor<4xf32>, f32) {
    %y = tensor.insert %f into %x[%c0] : tensor<4xf32>
    %z = scf.if %c -> tensor<4xf32> {
      %w = tensor.insert %s into %y[%c1] : tensor<4xf32>
      scf.yield %w : tensor<4xf32>
    } else {
      scf.yield %y : tensor<4xf32>
    }
    %p = scf.for %j = %c0 to %n step %c1 iter_args(%r = %z) -> tensor<4xf32> {
      %t = tensor.insert %f into %r[%c0] : tensor<4xf32>
      scf.yield %t : tensor<4xf32>
    }
    %g = arith.addf %s, %s : f32
    scf.yield %p, %g : tensor<4xf32>, f32
  }
  return %o#0, %o#1 : tensor<4xf32>, f32
}

// -----

// One branch makes something else; so does a loop that yields what it was given from outside.
// CHECK-LABEL: func.func @partly
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}}, %[[Y:.*]] = %{{.*}})
// CHECK: %[[Z:.*]] = scf.if
// CHECK: bufferization.materialize_in_destination %[[Z]] in %[[X]]
// CHECK: bufferization.materialize_in_destination %arg0 in %[[Y]]
func.func @partly(%q: tensor<4xf32>, %n: index, %c: i1) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q, %y = %q) -> (tensor<4xf32>, tensor<4xf32>) {
    %z = scf.if %c -> tensor<4xf32> {
      scf.yield %q : tensor<4xf32>
    } else {
      scf.yield %x : tensor<4xf32>
    }
    scf.yield %z, %q : tensor<4xf32>, tensor<4xf32>
  }
  return %o#0, %o#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Two that change places are copied before either is written.
// CHECK-LABEL: func.func @swapped
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}}, %[[Y:.*]] = %{{.*}})
// CHECK: %[[A:.*]] = bufferization.alloc_tensor() copy(%[[Y]])
// CHECK: %[[B:.*]] = bufferization.alloc_tensor() copy(%[[X]])
// CHECK: bufferization.materialize_in_destination %[[A]] in %[[X]]
// CHECK: bufferization.materialize_in_destination %[[B]] in %[[Y]]
func.func @swapped(%q: tensor<4xf32>, %r: tensor<4xf32>, %n: index) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q, %y = %r) -> (tensor<4xf32>, tensor<4xf32>) {
    scf.yield %y, %x : tensor<4xf32>, tensor<4xf32>
  }
  return %o#0, %o#1 : tensor<4xf32>, tensor<4xf32>
}
