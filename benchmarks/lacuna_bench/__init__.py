# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The parts of `benchmarks/cpu_vs_torch.py`; `benchmarks/README.md` says what each of them is for."""
