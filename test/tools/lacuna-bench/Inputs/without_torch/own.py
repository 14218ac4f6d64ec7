# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import torch


def attention(inputs):
    return torch.zeros(1), 1.0, 0.0
