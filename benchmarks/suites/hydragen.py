# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What Hydragen (Juravsky et al. 2024) is compared with: every sequence attends to its own keys with the shared prefix
before them, one SDPA call per sequence, with torch. Prefixes are joined once, as a cache would hold them."""

import torch


def attention(inputs):
    q, kp, vp, ks, vs = (inputs.torch(name).transpose(0, 1) for name in ("q", "kp", "vp", "ks", "vs"))
    cu_q, cu_k = (inputs[name].tolist() for name in ("cu_q", "cu_k"))
    parts = []
    for d in range(len(cu_q) - 1):
        rows, keys = slice(cu_q[d], cu_q[d + 1]), slice(cu_k[d], cu_k[d + 1])
        k, v = torch.cat([kp, ks[:, keys]], 1), torch.cat([vp, vs[:, keys]], 1)
        queries, prefix = cu_q[d + 1] - cu_q[d], kp.shape[1]
        # Causal to the sequence's own end, the prefix is before all.
        mask = torch.ones(queries, k.shape[1], dtype=torch.bool).tril(k.shape[1] - queries)
        assert prefix == 0 or bool(mask[:, 0].all())
        parts.append((q[:, rows], k, v, mask))

    def run():
        outs = [torch.nn.functional.scaled_dot_product_attention(*part) for part in parts]
        return torch.cat(outs, 1).transpose(0, 1)

    return run
