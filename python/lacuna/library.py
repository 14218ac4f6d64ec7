# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Written by scripts/python_library.py from the headers of masks/*.mlir: change those, then run it.
"""The masks of the library, masks/*.mlir. docs/patterns.md shows them. `p = q + Sk - Sq` is the position of a query among the keys."""

from __future__ import annotations

from .expression import Integer, TableLike, integer, integer_table
from .masks import Mask, named


def a_shape(window: Integer, sinks: Integer) -> Mask:
    """a_shape(window, sinks): the last `window` keys and the first `sinks` keys, causal.

        A = k <= p  and  (k > p - window  or  k < sinks),  p = q + Sk - Sq

    A window of 0 or less leaves the sinks alone, sinks of 0 or less leave the window alone.
    Source: StreamingLLM (Xiao et al. 2023), section 3; "A-shape" in MInference 1.0 (Jiang et al. 2024), section 3.
    Use: when a language model reads a stream, or a head is known to look only nearby: sinks keep the softmax stable.
    """
    return named("a_shape", integer(window, "window"), integer(sinks, "sinks"))


def block_causal(cu: TableLike) -> Mask:
    """block_causal(cu): causal over blocks of any sizes, full inside a block.

        A = blk(k) <= blk(p),  p = q + Sk - Sq;  block d is [cu[d], cu[d + 1])

    Positions in no block attend nothing and are attended by nothing.
    Source: inference of block diffusion: BD3-LM (Arriola et al. 2025); Fast-dLLM v2 (Wu et al. 2025); block sizes from a table as in AdaBlock (Lu et al. 2025).
    Use: when a model generates block after block, its cache holds the blocks before, and tokens of a block see each other.
    """
    return named("block_causal", integer_table(cu, "cu", 1))


def block_causal_document(cu: TableLike, block: Integer) -> Mask:
    """block_causal_document(cu, block): same document; causal over blocks of `block` positions, full inside a block.

        A = doc(k) = doc(p)  and  k < block * (p // block + 1),  p = q + Sk - Sq;  document d is [cu[d], cu[d + 1])

    Blocks are counted from position 0, not from the document's start; a block below 1 counts as 1, one beyond 2^31 as 2^31. Positions outside of all documents attend nothing.
    Source: "block causal document" in LongCA-bench (video generation by chunks); inference of block diffusion models.
    Use: when packed sequences are generated block by block and the tokens of a block see each other.
    """
    return named("block_causal_document", integer_table(cu, "cu", 1), integer(block, "block"))


def block_diffusion(text: Integer, cu: TableLike, causal: Integer) -> Mask:
    """block_diffusion(text, cu, causal): training of block diffusion. The sequence is a noisy copy of `text` tokens, then the clean one; block d of a copy is [cu[d], cu[d + 1]) in its own positions. On raw indices.

        A = blk(q) = blk(k)   if q and k are noisy (a token is noisy if its index is below `text`, else clean)
            blk(q) > blk(k)   if q is noisy and k clean
            false             if q is clean and k noisy
            blk(q) >= blk(k)  if both are clean; where `causal` is not 0, k <= q

    Tokens in no block attend nothing and are attended by nothing. text below 0 counts as 0, beyond 2^31 as 2^31. Blocks may differ in size; positions from `text` on are in no block, whatever the table says.
    Source: BD3-LM (Arriola et al. 2025); Fast-dLLM v2 (Wu et al. 2025); block sizes from a table as in AdaBlock (Lu et al. 2025).
    Use: when a model learns to denoise a block given the clean blocks before it, all blocks in one pass.
    """
    return named("block_diffusion", integer(text, "text"), integer_table(cu, "cu", 1), integer(causal, "causal"))


def causal_blockwise(cu: TableLike) -> Mask:
    """causal_blockwise(cu): each segment is causal over itself, the last one over everything.

        A = k <= p  and  (seg(k) = seg(p)  or  seg(p) = seg(Sk - 1)),  p = q + Sk - Sq;  segment d is [cu[d], cu[d + 1])

    A query in no segment attends nothing. Where the last key is in no segment, no segment is the last one.
    Source: "causal blockwise" in LongCA-bench; in-context learning with blocks of demonstrations, the test example last.
    Use: when blocks of context are encoded apart from each other and one final block reads them all.
    """
    return named("causal_blockwise", integer_table(cu, "cu", 1))


def causal_document(cu_q: TableLike, cu_k: TableLike) -> Mask:
    """causal_document(cu_q, cu_k): packed documents, causal inside each.

        A = doc(q) = doc(k) = d  and  k - cu_k[d] <= q - cu_q[d] + (keys of d) - (queries of d)

    Positions outside of all documents attend nothing.
    Source: variable-length attention of FlashAttention-2 (Dao 2023), `cu_seqlens`; "causal document" in LongCA-bench.
    Use: when documents are packed one after another and a token must not see another document or its own future.
    """
    return named("causal_document", integer_table(cu_q, "cu_q", 1), integer_table(cu_k, "cu_k", 1))


def causal_positions(position_q: TableLike, position_k: TableLike) -> Mask:
    """causal_positions(position_q, position_k): causal in the positions of a table, whatever order the tokens are stored in.

        A = position_k[b, h, k] <= position_q[b, h, q]

    Both tables are [B, H, S]. A query or key beyond its table attends nothing.
    Source: SCFA (Pagliardini et al. 2023): causality on carried original positions; permutation language models (XLNet, Yang et al. 2019).
    Use: when tokens were sorted, compacted or dealt out to devices, and must keep their causal order; with `attn.and` for every other mask on them.
    """
    return named("causal_positions", integer_table(position_q, "position_q", 3), integer_table(position_k, "position_k", 3))


def chunked(chunk: Integer) -> Mask:
    """chunked(chunk): causal inside chunks of `chunk` positions.

        A = k <= p  and  k >= chunk * (p // chunk),  p = q + Sk - Sq;  a chunk below 1 counts as 1

    Source: "attention chunk" of FlashAttention-3 (hopper, forward); Llama 4's local layers.
    Use: when layers with chunks of fixed size alternate with global ones: a chunk is a short causal problem of its own.
    """
    return named("chunked", integer(chunk, "chunk"))


def complete_blocks(block: Integer, past: Integer) -> Mask:
    """complete_blocks(block, past): queries are tokens, keys are blocks of `block` tokens each, pooled: a token sees the blocks that are complete.

        A = k < (q + past + 1) // block

    `past` is the number of tokens before the first query; a block below 1 counts as 1, a past beyond 2^62 as 2^62.
    Source: NSA (Yuan et al. 2025), section 3.3.1, token compression, in its published form: block c if c <= (t + 1) // block - 1.
    Use: when pooled keys stand for blocks of tokens and generation must stay causal. The first block - 1 queries see nothing: their output is 0.
    """
    return named("complete_blocks", integer(block, "block"), integer(past, "past"))


def criss_cross(width: Integer) -> Mask:
    """criss_cross(width): a token of a feature map attends its row and its column. On raw indices.

        A = q // width = k // width  or  q % width = k % width

    A width below 1 counts as 1, one beyond 2^31 as 2^31: a single row, which is full.
    Source: CCNet (Huang et al. 2019), section 3.2.
    Use: when a feature map is too large for full attention, and two such layers may pass everything on.
    """
    return named("criss_cross", integer(width, "width"))


def diagonal(radius: Integer) -> Mask:
    """diagonal(radius): a band around the main diagonal, on raw indices.

        A = |q - k| <= radius

    A negative radius attends nothing.
    Source: Sparse-vDiT (2025), the "diagonal" mode of a head.
    Use: when a head of a diffusion transformer looks only at neighbours in token order.
    """
    return named("diagonal", integer(radius, "radius"))


def dilated_window(window: Integer, dilation: Integer) -> Mask:
    """dilated_window(window, dilation): 1-D neighborhood attention. Tokens of one residue form a group; each attends `window` neighbours of its group, and at the ends of the sequence the window is shifted, not cut. On raw indices.

        A = q % d = k % d  and  a <= k // d < a + window,  d = dilation
            a = max(min(q // d - window // 2, L - window), 0),  L = ceil((Sk - q % d) / d)

    A dilation below 1 counts as 1; a window above L is the whole group, one of 0 or less attends nothing. Values beyond 2^31 count as 2^31.
    Source: dilated neighborhood attention (Hassani and Shi 2022); NATTEN, non-causal, stride 1.
    Use: when an encoder over a sequence needs a constant number of neighbours per token, close by or spread out.
    """
    return named("dilated_window", integer(window, "window"), integer(dilation, "dilation"))


def document_ids(ids_q: TableLike, ids_k: TableLike) -> Mask:
    """document_ids(ids_q, ids_k): packed documents by the id of every token, other ones in every batch entry.

        A = ids_q[b, q] = ids_k[b, k]

    Both tables are [B, S]; ids in any order, a document in any number of pieces. A query or key beyond its table attends nothing. Padding has an id that the other side has not.
    Source: "document" in LongCA-bench; the document masks of FlexAttention (Dong et al. 2024).
    Use: when boundaries differ between batch entries, or tokens come with ids. Causal and block-causal documents are this with `attn.and` on a causal mask or on block_causal_document(cu=[0, Sk], block).
    """
    return named("document_ids", integer_table(ids_q, "ids_q", 2), integer_table(ids_k, "ids_k", 2))


def fixed_stride(stride: Integer, summary: Integer) -> Mask:
    """fixed_stride(stride, summary): causal; the own block of `stride` positions, and the last `summary` positions of every block.

        A = k <= p  and  (p // stride = k // stride  or  k % stride >= stride - summary),  p = q + Sk - Sq

    A stride below 1 counts as 1, one beyond 2^31 as 2^31; a summary of 0 or less: the own block alone, one of `stride` or more: causal.
    Source: Sparse Transformers (Child et al. 2019), section 4.3, "fixed", both of its heads merged.
    Use: when text without a period is to be read in blocks that pass a summary on.
    """
    return named("fixed_stride", integer(stride, "stride"), integer(summary, "summary"))


def flashmask(rows: TableLike) -> Mask:
    """flashmask(rows): for every key, up to two runs of queries that do not attend it.

        A = not (rows[b, h, k, 0] <= q < rows[b, h, k, 1]  or  rows[b, h, k, 2] <= q < rows[b, h, k, 3])

    rows is [B, H, Sk, 4]; a run that ends where it begins or before is none. A key beyond the table is attended by nothing.
    Source: FlashMask (Wang et al. 2024): LTS, LTE, UTS, UTE. Its causal forms are the same with `attn.and` on a causal mask.
    Use: when masks already come as FlashMask's start and end rows.
    """
    return named("flashmask", integer_table(rows, "rows", 4, last=(4,)))


def global_sliding_window(window: Integer, global_: Integer) -> Mask:
    """global_sliding_window(window, global): keys within `window` on both sides; the first `global` positions see and are seen by all.

        A = |p - k| <= window  or  p < global  or  k < global,  p = q + Sk - Sq

    A negative window attends nothing by itself; `global` of 0 or less: no global position.
    Source: Longformer (Beltagy et al. 2020), section 3.1. LongCA-bench has two masks of this name: global = window and global = 2 * window; here it is given.
    Use: when an encoder reads a long text locally, and a few leading tokens (class token, question) collect and spread what is global.
    """
    return named("global_sliding_window", integer(window, "window"), integer(global_, "global_"))


def hash_buckets(hash_q: TableLike, hash_k: TableLike, position_q: TableLike, position_k: TableLike) -> Mask:
    """hash_buckets(hash_q, hash_k, position_q, position_k): causal inside hash buckets; tokens may be stored in any order.

        A = hash_q[b, h, q] = hash_k[b, h, k]  and  position_k[b, h, k] <= position_q[b, h, q]

    All tables are [B, H, S]. A query or key beyond its tables attends nothing. A token attends itself; for a strict variant give position_k + 1.
    Source: SCFA (Pagliardini et al. 2023), "hash-sparse": buckets by LSH, positions kept after sorting by bucket; Reformer's buckets.
    Use: when tokens are hashed and only equal buckets may attend. Stored sorted by bucket, each row is one run of keys.
    """
    return named("hash_buckets", integer_table(hash_q, "hash_q", 3), integer_table(hash_k, "hash_k", 3), integer_table(position_q, "position_q", 3), integer_table(position_k, "position_k", 3))


def kept_tokens(keep_q: TableLike, keep_k: TableLike, position_q: TableLike, position_k: TableLike) -> Mask:
    """kept_tokens(keep_q, keep_k, position_q, position_k): causal among the tokens that are kept; tokens may be stored in any order.

        A = keep_q[b, h, q] != 0  and  keep_k[b, h, k] != 0  and  position_k[b, h, k] <= position_q[b, h, q]

    All tables are [B, H, S]. A query or key beyond its tables attends nothing. A dropped query attends nothing: its output is 0.
    Source: SCFA (Pagliardini et al. 2023), "QK-sparse": queries and keys are dropped per head; RAS and dKV-Cache drop queries alone.
    Use: when heads drop tokens at run time. Stored with the kept tokens first, the rest is never visited.
    """
    return named("kept_tokens", integer_table(keep_q, "keep_q", 3), integer_table(keep_k, "keep_k", 3), integer_table(position_q, "position_q", 3), integer_table(position_k, "position_k", 3))


def left_padding(starts: TableLike) -> Mask:
    """left_padding(starts): the first starts[b] keys of a batch entry are padding.

        A = k >= starts[b]

    A start of 0 or less: no padding; one of Sk or more: nothing is attended; so does a batch entry beyond the table.
    Source: `leftpad_k` of FlashAttention-3.
    Use: when prompts of unequal length are padded on the left, so that all of them end at the same key; with `attn.and` on any other mask.
    """
    return named("left_padding", integer_table(starts, "starts", 1))


def longnet(segment: Integer, dilation: Integer) -> Mask:
    """longnet(segment, dilation): inside segments of `segment` positions, every dilation-th one, beginning at another one in every head. On raw indices.

        A = q // w = k // w  and  q % w % r = h % r  and  k % w % r = h % r,  w = segment, r = dilation

    Both below 1 count as 1, a segment beyond 2^31 as 2^31. A query that is not chosen attends nothing: its output is 0.
    Source: LongNet (Ding et al. 2023), dilated attention with an offset per head. It merges several settings; one causal one is this with `attn.and`.
    Use: when very long sequences are covered by a few settings with growing segment and dilation.
    """
    return named("longnet", integer(segment, "segment"), integer(dilation, "dilation"))


def multi_diagonal(period: Integer) -> Mask:
    """multi_diagonal(period): diagonals at all multiples of `period`, on raw indices: the same place in every frame.

        A = (q - k) % period = 0

    A period below 1 counts as 1 and attends everything.
    Source: Sparse-vDiT (2025), the "multi-diagonal" mode of a head; the period is the number of tokens per frame.
    Use: when a head of a video model compares a place with itself in all frames. In spatial-major token order it is one band per row.
    """
    return named("multi_diagonal", integer(period, "period"))


def prefix(length: Integer) -> Mask:
    """prefix(length): prefix-LM. Keys of the prefix are seen by all queries, the rest is causal.

        A = k <= q + Sk - Sq  or  k < length

    A length of 0 or less is causal, one of Sk or more attends everything.
    Source: T5 (Raffel et al. 2020), section 3.2.1, "causal with prefix".
    Use: when a prompt of known length is read in both directions and the answer is generated causally.
    """
    return named("prefix", integer(length, "length"))


def prefix_document(cu_q: TableLike, cu_k: TableLike, length: Integer) -> Mask:
    """prefix_document(cu_q, cu_k, length): prefix-LM inside every packed document.

        A = doc(q) = doc(k) = d  and  (k' <= q' + (keys of d) - (queries of d)  or  k' < length)
            q' = q - cu_q[d], k' = k - cu_k[d]

    A length of 0 or less is causal; a document shorter than `length` is attended as a whole.
    Source: "prefix-LM document" in LongCA-bench; the prefix is T5's (Raffel et al. 2020), section 3.2.1.
    Use: when packed documents each begin with a prompt of fixed length that is read in both directions.
    """
    return named("prefix_document", integer_table(cu_q, "cu_q", 1), integer_table(cu_k, "cu_k", 1), integer(length, "length"))


def reference_frames(tokens: Integer, references: TableLike) -> Mask:
    """reference_frames(tokens, references): video frames of `tokens` tokens. A frame sees itself; reference frames see and are seen by all. On raw indices.

        A = f(q) = f(k)  or  references[f(q)] != 0  or  references[f(k)] != 0,  f(x) = x // tokens

    A frame beyond the table is none of the references. tokens below 1 counts as 1, beyond 2^31 as 2^31.
    Source: Efficient-vDiT (Ding et al. 2025), the "attention tile": density (F^2 - n^2 + n) / F^2 for F frames, n of which are no references.
    Use: when a video model looks inside each frame, and at a few evenly spread frames from everywhere.
    """
    return named("reference_frames", integer(tokens, "tokens"), integer_table(references, "references", 1))


def s2_stripes(block: Integer, local: Integer, stride: Integer, group: Integer, step: Integer, offset: Integer) -> Mask:
    """s2_stripes(block, local, stride, group, step, offset): causal; the last `local` blocks, and every stride-th block column, shifted from head to head.

        A = k <= p  and  (p // block - k // block < local  or  (k // block + (h // group) * step + offset) % stride = 0)
            p = q + Sk - Sq

    `group` query heads share a key head and its stripes. block, stride and group below 1 count as 1; a stride of 1 is causal; local of 0 or less: stripes alone. Blocks, local, steps and offsets beyond 2^31 count as 2^31, steps and offsets below -2^31 as -2^31.
    Source: S2-Attention (Lin et al. 2024), "heterogeneous context sharding"; there step = max(1, stride // heads).
    Use: when every head may drop most of the far context, as long as all heads together still cover it.
    """
    return named("s2_stripes", integer(block, "block"), integer(local, "local"), integer(stride, "stride"), integer(group, "group"), integer(step, "step"), integer(offset, "offset"))


def share_question(cu: TableLike) -> Mask:
    """share_question(cu): causal; every segment sees itself and segment 0, the shared question.

        A = k <= p  and  (seg(k) = 0  or  seg(k) = seg(p)),  p = q + Sk - Sq;  segment d is [cu[d], cu[d + 1])

    A query in no segment sees only segment 0; a key in no segment is attended by nothing.
    Source: "share question" in LongCA-bench; reward models that score several answers to one question.
    Use: when several answers share one question and must not see each other.
    """
    return named("share_question", integer_table(cu, "cu", 1))


def shifted_window(height: Integer, width: Integer, window: Integer, shift: Integer) -> Mask:
    """shifted_window(height, width, window, shift): Swin's windows on the rolled feature map, tokens row by row (raster), on raw indices.

        A = cell(q // width, height) = cell(k // width, height)  and  cell(q % width, width) = cell(k % width, width)
            cell(x, L) = (x // window, [x >= L - window] + [x >= L - shift]); without the second part if shift <= 0

    The map is the rolled one: token (y, x) is pixel ((y + shift) % height, (x + shift) % width). width and window below 1 count as 1, beyond 2^31 as 2^31. Masked pairs get no weight at all; the original adds -100 instead (examples/swin_bias.mlir).
    Source: Swin Transformer (Liu et al. 2021), section 3.2, "efficient batch computation for shifted configuration", and its published code.
    Use: when a vision transformer attends inside windows of a feature map; shift = 0 and shift = window // 2 alternate from layer to layer.
    """
    return named("shifted_window", integer(height, "height"), integer(width, "width"), integer(window, "window"), integer(shift, "shift"))


def shifted_window_tiles(height: Integer, width: Integer, window: Integer, shift: Integer) -> Mask:
    """shifted_window_tiles(height, width, window, shift): shifted_window in tile-major order: window after window, row by row inside a window. On raw indices.

        A = t(q) = t(k)  and  u(y(q), height) = u(y(k), height)  and  u(x(q), width) = u(x(k), width)
            t(i) = i // window^2, the window of i;  n = width // window windows side by side
            y(i) = window * (t(i) // n) + i % window^2 // window,  x(i) = window * (t(i) % n) + i % window
            u(x, L) = [x >= L - window] + [x >= L - shift] if shift > 0, else 0

    window below 1 counts as 1, beyond 2^15 as 2^15; a width below one window counts as one window. height and width should be multiples of the window.
    Source: Swin Transformer (Liu et al. 2021), section 3.2, and its published code, which cuts the map into windows before it attends.
    Use: when the tokens of a feature map already lie window by window: a window is then one run of keys, and shift = 0 needs no mask inside a tile.
    """
    return named("shifted_window_tiles", integer(height, "height"), integer(width, "width"), integer(window, "window"), integer(shift, "shift"))


def streaming_blocks(block: Integer, sinks: Integer, local: Integer) -> Mask:
    """streaming_blocks(block, sinks, local): A-shape in whole blocks: the first `sinks` blocks and the last `local` ones, causal.

        A = k <= p  and  (k // block < sinks  or  p // block - k // block < local),  p = q + Sk - Sq

    A block below 1 counts as 1; sinks or local of 0 or less: none. Values beyond 2^31 count as 2^31.
    Source: streaming heads of Block-Sparse-Attention (Guo et al. 2024) and LServe (Yang et al. 2025), in their form by blocks.
    Use: when a streaming head keeps its keys in pages, or tiles should be full or empty rather than partial.
    """
    return named("streaming_blocks", integer(block, "block"), integer(sinks, "sinks"), integer(local, "local"))


def strict_causal() -> Mask:
    """strict_causal(): attend earlier keys only, never the query's own position.

        A = k < q + off,  off = Sk - Sq

    Source: Reformer (Kitaev et al. 2020), section 2, which keeps a token from attending to itself.
    Use: when a token must not attend itself, such as with queries and keys shared as one tensor. The first row is empty: its output is 0.
    """
    return named("strict_causal")


def strided(stride: Integer) -> Mask:
    """strided(stride): causal; the last `stride` keys, and every stride-th one before.

        A = k <= p  and  (p - k < stride  or  (p - k) % stride = 0),  p = q + Sk - Sq

    A stride below 1 counts as 1, one beyond 2^31 as 2^31.
    Source: Sparse Transformers (Child et al. 2019), section 4.3, "strided", both of its heads merged.
    Use: when the data has a period, such as the rows of an image or the bars of music.
    """
    return named("strided", integer(stride, "stride"))


def token_tree(prefix: Integer, words: TableLike) -> Mask:
    """token_tree(prefix, words): verification of a tree of drafted tokens: all see the prefix, a tree token sees its ancestors and itself. On raw indices.

        A = k < prefix  or  bit (k - prefix) of words[b, q] is set;  bit j is bit j % 32 of word j // 32

    words is [B, n, w], the ancestors of the n tree tokens, 32 to a word. Queries and bits beyond the table attend the prefix alone; a prefix of 0 or less is no prefix.
    Source: PPD (Chen et al. 2024) and DySpec (Xiong et al. 2024): tree attention in speculative decoding.
    Use: when a draft of several continuations is verified in one pass; a new tree is a new table, not a new program.
    """
    return named("token_tree", integer(prefix, "prefix"), integer_table(words, "words", 3))


def tri_shape(window: Integer, sinks: Integer, last: Integer) -> Mask:
    """tri_shape(window, sinks, last): A-shape, and the last `last` queries are dense causal.

        A = k <= p  and  (k > p - window  or  k < sinks  or  q >= Sq - last),  p = q + Sk - Sq

    `last` of 0 or less is the A-shape, one of Sq or more is causal; window and sinks as in a_shape.
    Source: MInference 1.0 (Jiang et al. 2024), the "tri-shape" baseline.
    Use: when a long prompt is prefilled sparsely, but its last queries, which the answer depends on, read everything.
    """
    return named("tri_shape", integer(window, "window"), integer(sinks, "sinks"), integer(last, "last"))
