// RUN: lacuna-opt %s -attn-expand-masks -attn-specialize-queries -attn-select-schedule -split-input-file | FileCheck %s
// RUN: lacuna-opt %s -attn-expand-masks -attn-specialize-queries -attn-select-schedule -attn-to-tile -canonicalize -split-input-file | FileCheck %s --check-prefix=TILE

!q = tensor<2x?x8x64xf32>
!k = tensor<2x?x2x64xf32>
!lse = tensor<2x8x?xf32>
module attributes {tile.target = "x86-64-v4"} {

// CHECK-LABEL: @dynamic
// CHECK: %[[MANY:.*]]:2 = attn.attention %[[Q:.*]], %[[K:.*]], %[[V:.*]] mask(%[[M:.*]]) layout(bshd) schedule(#attn.schedule<tile_m = 48, {{.*}}>) {attn.min_queries = 9 : i64}
// CHECK: %[[LENGTH:.*]] = tensor.dim %[[Q]], %{{.*}}
// CHECK: %[[IS_ONE:.*]] = arith.cmpi ule, %[[LENGTH]], %c1
// CHECK: %[[ONE:.*]] = arith.select %[[IS_ONE]], %[[LENGTH]], %c0
// CHECK: %[[QUERY:.*]] = tensor.extract_slice %[[Q]][0, 0, 0, 0] [2, %[[ONE]], 8, 64] [1, 1, 1, 1]
// One query: the four heads of a group are the rows.
// CHECK: %[[PART:.*]]:2 = attn.attention %[[QUERY]], %[[K]], %[[V]] mask(%[[M]]) layout(bshd) schedule(#attn.schedule<tile_m = 4, {{.*}}split = 4, pack_heads = true>) {attn.max_queries = 1 : i64}
// CHECK: %[[O:.*]] = tensor.insert_slice %[[PART]]#0 into %[[MANY]]#0[0, 0, 0, 0] [2, %[[ONE]], 8, 64]
// CHECK: %[[LSE:.*]] = tensor.insert_slice %[[PART]]#1 into %[[MANY]]#1[0, 0, 0] [2, 8, %[[ONE]]]
// CHECK: %[[REST:.*]] = arith.select %[[IS_ONE]], %c0{{.*}}, %[[LENGTH]]
// CHECK: %[[ARE_FEW:.*]] = arith.cmpi ule, %[[REST]], %c8
// CHECK: %[[FEW:.*]] = arith.select %[[ARE_FEW]], %[[REST]], %c0
// CHECK: attn.attention %{{.*}} schedule(#attn.schedule<tile_m = 8, tile_n = 64, split = 4, pack_heads = true>) {attn.max_queries = 8 : i64}
// CHECK: %[[O8:.*]] = tensor.insert_slice %{{.*}} into %[[O]][0, 0, 0, 0] [2, %[[FEW]], 8, 64]
// CHECK: %[[LSE8:.*]] = tensor.insert_slice %{{.*}} into %[[LSE]][0, 0, 0] [2, 8, %[[FEW]]]
// CHECK: return %[[O8]], %[[LSE8]]

// With eight queries or fewer the first launch has no work items.
// TILE-LABEL: @dynamic
// TILE: %[[ENOUGH:.*]] = arith.cmpi uge, %[[LENGTH:.*]], %c9
// TILE: %[[TILES:.*]] = arith.select %[[ENOUGH]], %{{.*}}, %c0
// TILE: tile.launch @dynamic.attention0 grid(%[[TILES]], %c8, %c2)
// TILE: tile.launch @dynamic.attention1 grid(
// TILE: tile.launch @dynamic.attention2 grid(
func.func @dynamic(%q: !q, %k: !k, %v: !k) -> (!q, !lse) {
  %m = attn.causal align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bshd) : !q, !k, !k -> !q, !lse
  return %o, %lse : !q, !lse
}

// CHECK-LABEL: @static
// CHECK: attn.attention
// CHECK-NOT: attn.attention
func.func @static(%q: tensor<1x300x8x64xf32>, %k: !k, %v: !k) -> tensor<1x300x8x64xf32> {
  %k1 = tensor.extract_slice %k[0, 0, 0, 0] [1, 300, 2, 64] [1, 1, 1, 1] : !k to tensor<1x300x2x64xf32>
  %o = attn.attention %q, %k1, %k1 layout(bshd) : tensor<1x300x8x64xf32>, tensor<1x300x2x64xf32>, tensor<1x300x2x64xf32> -> tensor<1x300x8x64xf32>
  return %o : tensor<1x300x8x64xf32>
}

// CHECK-LABEL: @chosen
// CHECK: attn.attention
// CHECK-NOT: attn.attention
func.func @chosen(%q: !q, %k: !k, %v: !k) -> !q {
  %o = attn.attention %q, %k, %v layout(bshd) schedule(#attn.schedule<tile_m = 32, tile_n = 64, transposed = true>) : !q, !k, !k -> !q
  return %o : !q
}

// A program that says how many queries there are has made the choice.
// CHECK-LABEL: @bounded
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 8, tile_n = 64, {{.*}}>) {attn.max_queries = 8 : i64}
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 48, {{.*}}>) {attn.min_queries = 9 : i64}
// CHECK-NOT: attn.attention
func.func @bounded(%q: !q, %k: !k, %v: !k) -> (!q, !q) {
  %few = attn.attention %q, %k, %v layout(bshd) {attn.max_queries = 8 : i64} : !q, !k, !k -> !q
  %many = attn.attention %q, %k, %v layout(bshd) {attn.min_queries = 9 : i64} : !q, !k, !k -> !q
  return %few, %many : !q, !q
}
}

// -----

// A GPU has no kernel for few queries yet.
!t = tensor<1x8x?x64xbf16>
module attributes {tile.target = "sm_80"} {
// CHECK-LABEL: @gpu
// CHECK: attn.attention
// CHECK-NOT: attn.attention
func.func @gpu(%q: !t, %k: !t, %v: !t) -> !t {
  %o = attn.attention %q, %k, %v layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
}

// -----

// RUN: lacuna-opt %s -attn-specialize-queries=batch-invariant -split-input-file | FileCheck %s --check-prefix=INVARIANT
!p = tensor<?x8x64xf32>
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: @packed
// CHECK-COUNT-3: attn.attention
// INVARIANT-LABEL: @packed
// INVARIANT: attn.attention
// INVARIANT-NOT: attn.attention
func.func @packed(%q: !p, %k: !p, %v: !p) -> !p {
  %o = attn.attention %q, %k, %v layout(shd) : !p, !p, !p -> !p
  return %o : !p
}
}
