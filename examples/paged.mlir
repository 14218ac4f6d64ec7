// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decoding from a paged cache: four sequences of different lengths, keys and values in pages of 16 rows that lie anywhere in the cache. The kernel's loads
// follow the page table; nothing is copied.
//   A(b, h, q, k) = k < lengths[b];  key k of sequence b is row k mod 16 of page pages[b, k / 16]
// Source: PagedAttention (Kwon et al. 2023), section 4.3.
// 8k: q=randn:4x8x1x64xf32:1 keys=randn:2048x2x16x64xf32:2 values=randn:2048x2x16x64xf32:3 pages=randint:4x512xi32:2048 lengths=[8192,7000,16,1]
!q = tensor<4x8x?x64xf32>
!kv = tensor<4x2x?x64xf32>
!cache = tensor<?x2x16x64xf32>
func.func @paged(
    %q: !q {attn.name = "q", attn.default = "randn:4x8x1x64xf32:1"},
    %keys: !cache {attn.name = "keys", attn.default = "randn:60x2x16x64xf32:2"},
    %values: !cache {attn.name = "values", attn.default = "randn:60x2x16x64xf32:3"},
    %pages: tensor<4x?xi32> {attn.name = "pages", attn.default = "randint:4x20xi32:60"},
    %lengths: tensor<4xi32> {attn.name = "lengths", attn.default = "[320, 200, 17, 0]"}) -> !q {
  %k = attn.gather_pages %keys[%pages] layout(bhsd) : !cache, tensor<4x?xi32> -> !kv
  %v = attn.gather_pages %values[%pages] layout(bhsd) : !cache, tensor<4x?xi32> -> !kv
  %m = attn.key_lengths %lengths : tensor<4xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !q, !kv, !kv -> !q
  return %o : !q
}
