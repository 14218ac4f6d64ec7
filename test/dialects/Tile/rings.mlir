// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Rings of shared buffers and the copies that fill them.

!source = memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>
!k = !tile.tile<64x64xbf16, shared>

// CHECK-LABEL: tile.kernel @ring
// CHECK: %[[RING:.*]] = tile.ring offset 8192 : !tile.ring<2, !tile.tile<64x64xbf16, shared>>
// CHECK: tile.copy %{{.*}}[%{{.*}}, %{{.*}}] rows(%{{.*}}) limit(%{{.*}}), %[[RING]][%{{.*}}] : memref<{{.*}}>, !tile.ring<2, !tile.tile<64x64xbf16, shared>>
// CHECK: tile.copy %{{.*}} limit(%{{.*}}) in_bounds, %[[RING]]
// CHECK: tile.acquire %[[RING]][%{{.*}}] pending 1 : !tile.ring<2, !tile.tile<64x64xbf16, shared>> -> !tile.tile<64x64xbf16, shared>
// CHECK: tile.release %[[RING]][%{{.*}}] : !tile.ring
// CHECK: tile.release %[[RING]][%{{.*}}] fence : !tile.ring
tile.kernel @ring(%K: !source, %n: index, %m: index, %h: index, %b: index) {
  %ring = tile.ring offset 8192 : !tile.ring<2, !k>
  tile.copy %K[%b, %h] rows(%m) limit(%n), %ring[%m] : !source, !tile.ring<2, !k>
  tile.copy %K[%b, %h] rows(%m) limit(%n) in_bounds, %ring[%h] : !source, !tile.ring<2, !k>
  %k = tile.acquire %ring[%m] pending 1 : !tile.ring<2, !k> -> !k
  tile.release %ring[%m] : !tile.ring<2, !k>
  tile.release %ring[%h] fence : !tile.ring<2, !k>
  tile.return
}
