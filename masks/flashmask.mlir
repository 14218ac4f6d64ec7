// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// flashmask(rows): for every key, up to two runs of queries that do not attend it.
//   A = not (rows[b, h, k, 0] <= q < rows[b, h, k, 1]  or  rows[b, h, k, 2] <= q < rows[b, h, k, 3])
// rows is [B, H, Sk, 4]; a run that ends where it begins or before is none. A key beyond the table is attended by
// nothing.
// Source: FlashMask (Wang et al. 2024): LTS, LTE, UTS, UTE. Its causal forms are the same with `attn.and`
// on a causal mask.
// Use: when masks already come as FlashMask's start and end rows.
// Example: size=8,8 tile=2x2 rows=[[[[4,8,0,0],[4,8,0,0],[6,8,0,1],[8,8,0,2],[8,8,0,4],[8,8,0,4],[8,8,0,6],[8,8,0,6]]]]
func.func @flashmask(%rows: tensor<?x?x?x4xi32>) -> !attn.mask {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %start0 = attn.lookup %rows[%b, %h, %k, %c0] : tensor<?x?x?x4xi32> -> index
    %end0 = attn.lookup %rows[%b, %h, %k, %c1] : tensor<?x?x?x4xi32> -> index
    %start1 = attn.lookup %rows[%b, %h, %k, %c2] : tensor<?x?x?x4xi32> -> index
    %end1 = attn.lookup %rows[%b, %h, %k, %c3] : tensor<?x?x?x4xi32> -> index
    %before0 = arith.cmpi slt, %q, %start0 : index
    %after0 = arith.cmpi sge, %q, %end0 : index
    %before1 = arith.cmpi slt, %q, %start1 : index
    %after1 = arith.cmpi sge, %q, %end1 : index
    %free0 = arith.ori %before0, %after0 : i1
    %free1 = arith.ori %before1, %after1 : i1
    %free = arith.andi %free0, %free1 : i1
    attn.yield %free : i1
  }
  return %m : !attn.mask
}
