# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that must be traceable, as FlexAttention's users write them (attention-gym and the documentation name most of these patterns). Each is also run by
PyTorch itself on index tensors: what it says there is what the traced mask must attend."""

import torch

LENGTH = 96
DOCUMENTS = torch.repeat_interleave(torch.arange(5), torch.tensor([13, 20, 1, 40, 22]))
OFFSETS = torch.tensor([0, 13, 33, 34, 74, 96])
PREFIX = torch.tensor([10, 30], dtype=torch.int32)
KEEP = torch.arange(2 * LENGTH).reshape(2, LENGTH) % 3 != 1
POSITIONS = (torch.arange(LENGTH) * 37) % LENGTH
BIAS = torch.linspace(-1, 1, 2 * LENGTH * LENGTH).reshape(2, LENGTH, LENGTH)
SLOPES = torch.tensor([0.5, 0.125])
BLOCK_MASK = torch.arange(36).reshape(6, 6) % 4 == 0
WINDOW = 17


def causal(b, h, q, k):
    return q >= k


def full(b, h, q, k):
    return q >= 0


def sliding_window(b, h, q, k):
    return (q - k).abs() <= WINDOW


def causal_window(b, h, q, k):
    return (q >= k) & (q - k <= WINDOW)


def mirrored_comparison(b, h, q, k):
    return (k + 3 > q) & (2 + q > k) & (5 <= k)


def prefix_lm(b, h, q, k):
    return (k < PREFIX[b]) | (q >= k)


def document(b, h, q, k):
    return DOCUMENTS[q] == DOCUMENTS[k]


def causal_document(b, h, q, k):
    return (DOCUMENTS[q] == DOCUMENTS[k]) & causal(b, h, q, k)


def local_prefix_in_document(b, h, q, k):
    start = OFFSETS[DOCUMENTS[q]]
    return (DOCUMENTS[q] == DOCUMENTS[k]) & ((k - start < 4) | (q >= k))


def padding(b, h, q, k):
    return KEEP[b, k]


def padding_both_sides(b, h, q, k):
    return KEEP[b][q] & KEEP[b][k]


def dilated(b, h, q, k):
    return ((q - k).abs() <= 20) & ((q - k) % 3 == 0)


def dilated_floor(b, h, q, k):
    return torch.remainder(q - k, 4) == 2


def chunked(b, h, q, k):
    return (q // 16 == k // 16) & (q >= k)


def block_causal(b, h, q, k):
    return q // 8 >= k // 8


def neighborhood_2d(b, h, q, k):
    y, x = q // 12, q % 12
    ky, kx = k // 12, k % 12
    return ((y - ky).abs() <= 2) & ((x - kx).abs() <= 3)


def clamped_neighborhood(b, h, q, k):
    middle = (q // 12).clamp(1, 6)
    return torch.abs(middle - torch.div(k, 12, rounding_mode="floor")) <= 1


def per_head(b, h, q, k):
    return torch.where(h == 0, q >= k, k < 9)


def head_width(b, h, q, k):
    return q - k <= (h + 1) * 8


def stripes(b, h, q, k):
    return ((k // 8 + h) % 3 == 0) | (q // 8 == k // 8)


def permuted(b, h, q, k):
    return POSITIONS[q] >= POSITIONS[k]


def block_table(b, h, q, k):
    return BLOCK_MASK[q // 16, k // 16]


def exclusive(b, h, q, k):
    return (q >= k) ^ (k < 10)


def negated(b, h, q, k):
    return ~((q < k) | (q - k > 30))


def not_equal(b, h, q, k):
    return (q != k) & (DOCUMENTS[q] != DOCUMENTS[k])


def logical(b, h, q, k):
    return torch.logical_or(torch.logical_and(q >= k, k % 2 == 0), torch.logical_not(q > 3))


def bits(b, h, q, k):
    return ((q ^ k) & 4) == 0


def shifted(b, h, q, k):
    return (q >> 3) == (k >> 3) + (1 << 1)


def real_distance(b, h, q, k):
    return ((q - k).to(torch.float32) / 3.0).abs() < 4.5


def circle(b, h, q, k):
    y, x = q // 12 - k // 12, q % 12 - k % 12
    return y * y + x * x <= 9


def extremes(b, h, q, k):
    return torch.minimum(q, k) * 2 >= torch.maximum(q, k)


def strided(b, h, q, k):
    return (q >= k) & ((q - k < 12) | ((k + 1) % 12 == 0))


def far_from_tokens(b, h, q, k):
    return (q - k) // 8 >= 3


def two_sided_quotient(b, h, q, k):
    return (k // 10 == 3) | ((k + q) // 10 != 7)


def square_root(b, h, q, k):
    return k < torch.sqrt(q.float()) * 6


MASKS = [
    causal, full, sliding_window, causal_window, mirrored_comparison, prefix_lm, document, causal_document, local_prefix_in_document, padding, padding_both_sides,
    dilated, dilated_floor, chunked, block_causal, neighborhood_2d, clamped_neighborhood, per_head, head_width, stripes, permuted, block_table, exclusive, negated,
    not_equal, logical, bits, shifted, real_distance, circle, extremes, strided, far_from_tokens, two_sided_quotient, square_root,
]  # fmt: skip


def softcap(x, b, h, q, k):
    return 5.0 * torch.tanh(x / 5.0)


def alibi(x, b, h, q, k):
    return x + SLOPES[h] * (k - q)


def alibi_by_power(x, b, h, q, k):
    return x + (k - q) * 2.0 ** -((h + 1) * 4.0)


def relative(x, b, h, q, k):
    return x + (q - k) * 0.03


def bias(x, b, h, q, k):
    return x + BIAS[h, q, k]


def masked_score(x, b, h, q, k):
    return torch.where(q >= k, x, -float("inf"))


def masked_and_scaled(x, b, h, q, k):
    return torch.where((q >= k) & (DOCUMENTS[q] == DOCUMENTS[k]), x * 0.5, float("-inf"))


def decay(x, b, h, q, k):
    return x * torch.exp(-0.01 * (q - k).abs())


def gate(x, b, h, q, k):
    return x * torch.sigmoid(x) + 1


def unchanged(x, b, h, q, k):
    return x


SCORES = [softcap, alibi, alibi_by_power, relative, bias, masked_score, masked_and_scaled, decay, gate, unchanged]


def with_if(b, h, q, k):
    return q >= k if h > 0 else k > q


def with_numpy(b, h, q, k):
    return DOCUMENTS.numpy()[q] == 0


def with_unknown(b, h, q, k):
    return torch.special.gammaln(q.float()) > k


def with_shape(b, h, q, k):
    return k < q.shape[0]


def with_negative_divisor(b, h, q, k):
    return q // -2 == k


def with_too_few_indices(b, h, q, k):
    return KEEP[q]


def with_too_many_indices(b, h, q, k):
    return DOCUMENTS[q, k] == 0


def with_loop(b, h, q, k):
    return sum(range(q)) > k


def with_infinity(b, h, q, k):
    return q.float() < float("inf")


def with_float_index(b, h, q, k):
    return DOCUMENTS[q / 2] == 0


# function: part of the message
REFUSED = {
    with_if: "no Python 'if'", with_numpy: "lacuna.table(array)", with_unknown: "torch.special_gammaln is not known", with_shape: "shape",
    with_negative_divisor: "positive divisor, but got -2", with_too_few_indices: "expects 2 indices of a table, but got 1",
    with_too_many_indices: "expects 1 indices of a table, but got 2", with_loop: "no Python integer here", with_infinity: "finite reals",
    with_float_index: "expects an integer, but got a real number",
}  # fmt: skip
