# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What can go wrong, as exceptions. Each also is the built-in exception that fits, so that callers need not know ours."""


class Error(Exception):
    """Any error that Lacuna reports."""


class ArgumentError(Error, ValueError):
    """A tensor or value that does not fit: the message names it, its dimension, what is expected and what was given."""


class TraceError(Error, TypeError):
    """A Python function that cannot become a mask or a score: the message names the operation."""


class UnsupportedError(Error, NotImplementedError):
    """Asked for, understood, and not there."""


class CompileError(Error, RuntimeError):
    """The compiler's diagnostics, one per line; `source` is the program it was given."""

    def __init__(self, message, source=""):
        super().__init__(message)
        self.source = source


class ExecutionError(Error, RuntimeError):
    """The runtime's message."""
