// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Query and key dropping by compaction: only every second token takes part. Kept rows are gathered by the kernel's loads and scattered by its stores;
// dropped rows keep the previous output. Masks see places among the kept tokens; original positions are looked up.
//   O[kept[i]] = attention over kept keys with kept[j] <= kept[i],  O[others] = previous
// Source: SCFA (Pagliardini et al. 2023), section 3.1; cached outputs of dropped tokens: RAS (Liu et al. 2025).
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 previous=zeros:1x8x8192x64xf32
!t = tensor<1x8x?x64xf32>
!rows = tensor<1x1x?xi32>
func.func @keep_tokens(
    %q: !t {attn.name = "q", attn.default = "randn:1x8x300x64xf32:1"},
    %k: !t {attn.name = "k", attn.default = "randn:1x8x300x64xf32:2"},
    %v: !t {attn.name = "v", attn.default = "randn:1x8x300x64xf32:3"},
    %previous: !t {attn.name = "previous", attn.default = "zeros:1x8x300x64xf32"}) -> !t {
  %c2 = arith.constant 2 : index
  %tokens = tensor.dim %q, %c2 : !t
  %count = arith.ceildivui %tokens, %c2 : index
  %kept = tensor.generate %count {
  ^bb0(%b: index, %h: index, %i: index):
    %n = arith.muli %i, %c2 : index
    %row = arith.index_cast %n : index to i32
    tensor.yield %row : i32
  } : !rows
  %qs = attn.gather_rows %q[%kept] layout(bhsd) : !t, !rows -> !t
  %ks = attn.gather_rows %k[%kept] layout(bhsd) : !t, !rows -> !t
  %vs = attn.gather_rows %v[%kept] layout(bhsd) : !t, !rows -> !t
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %p = attn.lookup %kept[%b, %h, %i] grouped : !rows -> index
    %s = attn.lookup %kept[%b, %h, %j] grouped : !rows -> index
    %c = arith.cmpi sge, %p, %s : index
    attn.yield %c : i1
  }
  %os = attn.attention %qs, %ks, %vs mask(%m) layout(bhsd) : !t, !t, !t -> !t
  %o = attn.scatter_rows %os[%kept] into %previous layout(bhsd) : !t, !rows, !t
  return %o : !t
}
