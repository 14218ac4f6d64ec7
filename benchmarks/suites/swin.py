# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Swin's window attention as published (Liu et al. 2021, section 3.2, and its code): softmax(q k / sqrt(d) + bias by
relative position - 100 where regions of the rolled map differ) v, with torch. The bias matrix is made once."""

import torch


def windows(x, size):
    """[H, W] to [windows, size * size]."""
    height, width = x.shape
    return x.view(height // size, size, width // size, size).transpose(1, 2).reshape(-1, size * size)


def regions(height, width, size, shift):
    """Number of the region of each token of the rolled map, by window."""

    def axis(length):
        x = torch.arange(length)
        return (x >= length - size).int() + (x >= length - shift).int() if shift > 0 else x * 0

    return windows(3 * axis(height)[:, None] + axis(width)[None], size)


def relative_positions(size):
    """Row of the table for each pair of a window's tokens."""
    y, x = torch.arange(size * size) // size, torch.arange(size * size) % size
    dy, dx = (c[:, None] - c[None] + size - 1 for c in (y, x))
    return dy * (2 * size - 1) + dx


def attention(inputs):
    height, width, size, shift = (inputs[name] for name in ("height", "width", "window", "shift"))
    q, k, v, table = (inputs.torch(name) for name in ("q", "k", "v", "bias"))
    region = regions(height, width, size, shift)
    penalty = torch.where(region[:, :, None] == region[:, None], 0.0, -100.0)
    bias = table[relative_positions(size)].permute(2, 0, 1)
    images = q.shape[0] // penalty.shape[0]
    both = (bias[None] + penalty[:, None]).repeat(images, 1, 1, 1)
    return lambda: torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=both)
