// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Round trip of tile.convert_once.

!slots = memref<?x?x?x2048xbf16, strided<[?, ?, ?, 1], offset: ?>>
!states = memref<?x?x?xi32, strided<[?, ?, 1], offset: ?>>
!m = memref<?x32xbf16, strided<[?, 1], offset: ?>>

// CHECK: tile.convert_once %{{.*}} into %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] : !tile.tile<64x32xbf16, global>, memref<?x?x?x2048xbf16, {{.*}}>, memref<?x?x?xi32, {{.*}}> -> !tile.tile<64x32xbf16, global, #tile.pairs<1>>
tile.kernel @once(%V: !m, %slots: !slots, %states: !states, %m: index, %h: index, %b: index) {
  %v = tile.load %V[] rows(%m) limit(%h) : !m -> !tile.tile<64x32xbf16, global>
  %p = tile.convert_once %v into %slots, %states[%b, %h, %m] : !tile.tile<64x32xbf16, global>, !slots, !states -> !tile.tile<64x32xbf16, global, #tile.pairs<1>>
  tile.return
}
