# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stands in the way of an installed torch."""

raise ModuleNotFoundError("No module named 'torch'", name="torch")
