// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A mask nobody has published: your own scalar code on (batch, head, query, key). Lacuna evaluates the same code on ranges of queries and keys and
// so finds the tiles that it may skip. Here: each block of tokens attends itself and every fourth block before it, and odd heads only themselves.
//   A(b, h, q, k) = k <= q  and  ((q // block - k // block) % 4 = 0  if h is even, else  q // block = k // block)
// Source: the user; a relative of the dilated patterns of Sparse Transformers (Child et al. 2019), section 4.3.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 block=512
func.func @predicate(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x256x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x256x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x256x64xf32:3"},
    %block: index {attn.name = "block", attn.default = "24"}) -> tensor<?x8x?x64xf32> {
  %causal = attn.causal align(top_left)
  %blocks = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %two = arith.constant 2 : index
    %four = arith.constant 4 : index
    %qb = arith.floordivsi %i, %block : index
    %kb = arith.floordivsi %j, %block : index
    %distance = arith.subi %qb, %kb : index
    %phase = arith.remsi %distance, %four : index
    %same = arith.cmpi eq, %distance, %zero : index
    %fourth = arith.cmpi eq, %phase, %zero : index
    %parity = arith.remsi %h, %two : index
    %even = arith.cmpi eq, %parity, %zero : index
    %attends = arith.select %even, %fourth, %same : i1
    attn.yield %attends : i1
  }
  %m = attn.and %causal, %blocks
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
