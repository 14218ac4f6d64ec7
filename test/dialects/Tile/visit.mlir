// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// tile.visit with each of its optional regions: none, a test, a look-ahead.

// CHECK-LABEL: tile.kernel @runs
// CHECK: tile.visit key step 64 starts(%{{.*}}, %{{.*}}) partial(%{{.*}}, %{{.*}}) full(%{{.*}}, %{{.*}}) hull(%{{.*}}, %{{.*}}) iter_args(%{{.*}} : f32) -> f32
// CHECK-NEXT: partial {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %[[A:.*]]: f32):
// CHECK-NEXT: tile.yield %[[A]] : f32
// CHECK: full {
tile.kernel @runs(%init: f32, %m: index, %h: index, %b: index) {
  %c0 = arith.constant 0 : index
  %r = tile.visit key step 64 starts(%c0, %m) partial(%m, %c0) full(%c0, %h) hull(%c0, %b) iter_args(%init : f32) -> f32
    partial { ^bb0(%k0: index, %acc: f32): tile.yield %acc : f32 }
    full { ^bb0(%k0: index, %acc: f32): tile.yield %acc : f32 }
  tile.return
}

// CHECK-LABEL: tile.kernel @tested
// CHECK: tile.visit query step 32
// CHECK-NOT: iter_args
// CHECK: test {
// CHECK-NEXT: ^bb0(%{{.*}}: index):
// CHECK: tile.yield %{{.*}}, %{{.*}} : i1, i1
tile.kernel @tested(%m: index, %h: index, %b: index) {
  tile.visit query step 32 starts(%m) partial(%h) full(%b)
    test { ^bb0(%k0: index):
      %any = arith.cmpi slt, %k0, %m : index
      tile.yield %any, %any : i1, i1
    }
    partial { ^bb0(%k0: index): tile.yield }
    full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// The test may say which elements of the tile count.
// CHECK-LABEL: tile.kernel @gives_keys
// CHECK: tile.yield %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : i1, i1, index, index
tile.kernel @gives_keys(%m: index, %h: index, %b: index) {
  tile.visit key step 32 starts(%m) partial(%h) full(%b)
    test { ^bb0(%k0: index):
      %any = arith.cmpi slt, %k0, %m : index
      tile.yield %any, %any, %h, %b : i1, i1, index, index
    }
    partial { ^bb0(%k0: index): tile.yield }
    full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// CHECK-LABEL: tile.kernel @looks_ahead
// CHECK: before {
// CHECK-NEXT: ^bb0(%{{.*}}: index):
// CHECK: partial {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %{{.*}}: index, %{{.*}}: f32):
tile.kernel @looks_ahead(%init: f32, %m: index, %h: index, %b: index) {
  %r = tile.visit key step 64 starts(%m) partial(%h) full(%b) iter_args(%init : f32) -> f32
    before { ^bb0(%first: index): tile.yield }
    partial { ^bb0(%k0: index, %ordinal: index, %next: index, %acc: f32): tile.yield %acc : f32 }
    full { ^bb0(%k0: index, %ordinal: index, %next: index, %acc: f32): tile.yield %acc : f32 }
  tile.return
}
