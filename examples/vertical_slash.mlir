// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vertical-slash attention from lists of key columns and of diagonals per head, in the form that the published kernel computes: every diagonal is widened
// to the keys that it crosses within a block of 64 query rows. Without `cover = 64` it is the ideal mask.
//   A(b, h, q, k) = k <= q  and  (k in V(h)  or  some row q' of q's block has q' - k in D(h))
// Source: MInference 1.0 (Jiang et al. 2024), section 3.
// 8k: q=randn:1x4x8192x64xf32:1 k=randn:1x4x8192x64xf32:2 v=randn:1x4x8192x64xf32:3 verticals=randint:1x4x1x32xi32:8192 nv=[[[32],[32],[32],[32]]] slashes=randint:1x4x1x48xi32:3000 ns=[[[48],[20],[48],[48]]]
!t = tensor<1x4x?x64xf32>
!list = tensor<1x4x1x?xi32>
!count = tensor<1x4x1xi32>
func.func @vertical_slash(
    %q: !t {attn.name = "q", attn.default = "randn:1x4x300x64xf32:1"},
    %k: !t {attn.name = "k", attn.default = "randn:1x4x300x64xf32:2"},
    %v: !t {attn.name = "v", attn.default = "randn:1x4x300x64xf32:3"},
    %verticals: !list {attn.name = "verticals", attn.default = "randint:1x4x1x8xi32:300"},
    %nv: !count {attn.name = "nv", attn.default = "[[[8], [8], [3], [0]]]"},
    %slashes: !list {attn.name = "slashes", attn.default = "randint:1x4x1x5xi32:200"},
    %ns: !count {attn.name = "ns", attn.default = "[[[5], [1], [5], [2]]]"}) -> !t {
  %columns = attn.list_set %verticals, %nv granule = [1, 1] : !list, !count -> !attn.set<list>
  %diagonals = attn.list_set %slashes, %ns granule = [1, 1] : !list, !count -> !attn.set<list>
  %m = attn.vertical_slash %columns, %diagonals align(bottom_right) cover = 64 : !attn.set<list>, !attn.set<list>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
