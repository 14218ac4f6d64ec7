// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// token_tree(prefix, words): verification of a tree of drafted tokens: all see the prefix, a tree token sees its
// ancestors and itself. On raw indices.
//   A = k < prefix  or  bit (k - prefix) of words[b, q] is set;  bit j is bit j % 32 of word j // 32
// words is [B, n, w], the ancestors of the n tree tokens, 32 to a word. Queries and bits beyond the table attend the
// prefix alone; a prefix of 0 or less is no prefix.
// Source: PPD (Chen et al. 2024) and DySpec (Xiong et al. 2024): tree attention in speculative decoding.
// Use: when a draft of several continuations is verified in one pass; a new tree is a new table, not a new program.
// Example: size=8,32 prefix=24 words=[[[1],[3],[5],[11],[19],[37],[69],[139]]]
func.func @token_tree(%prefix: index, %words: tensor<?x?x?xi32>) -> !attn.mask {
  %first = attn.sink_tokens [%prefix]
  %ancestors = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %bits = arith.constant 32 : index
    %start = arith.maxsi %prefix, %zero : index
    %j = arith.subi %k, %start : index
    %number = arith.floordivsi %j, %bits : index
    %word = attn.lookup %words[%b, %q, %number] : tensor<?x?x?xi32> -> index
    %skipped = arith.muli %number, %bits : index
    %bit = arith.subi %j, %skipped : index
    %shifted = arith.shrsi %word, %bit : index
    %last = arith.andi %shifted, %one : index
    %set = arith.cmpi ne, %last, %zero : index
    attn.yield %set : i1
  }
  %m = attn.or %first, %ancestors
  return %m : !attn.mask
}
