# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks and scores as values: an expression whose text is a program and whose numbers and tables are that program's arguments.

The text depends on the shape of the expression only, never on a number or a table, so that a new window or document boundary compiles nothing. What is to be
compiled in is marked with `static`.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any, Sequence, Union

from . import tensors
from .errors import ArgumentError


@dataclass(frozen=True)
class Static:
    """An integer that is part of the program."""

    value: int


def static(value: int) -> Static:
    """An integer that the compiler knows. Divisors, strides and block sizes run faster so; each value makes a program of its own."""
    return Static(int(value))


@dataclass(frozen=True)
class Parameter:
    """A number (`index`, `f32`) or table (`i32`, …) that is given by name when a compiled program is called."""

    name: str
    dtype: str = "index"
    rank: int = 0

    @property
    def type(self):
        return f"tensor<{'?x' * self.rank}{self.dtype}>" if self.rank else self.dtype


def checked_identifier(name, what):
    if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
        raise ArgumentError(f"{what}: expects an identifier, but got {name!r}")
    return name


def parameter(name: str, dtype: str = "index", rank: int = 0) -> Parameter:
    """A value to be given by name to what `lacuna.compile` returns: an integer, or a table of `rank` dimensions."""
    checked_identifier(name, "parameter")
    if name in ("q", "k", "v", "sinks") or name[0] in "iftxc" and name[1:].isdigit():
        raise ArgumentError(f"parameter: expects a name other than q, k, v, sinks and those of a program's own values (i0, x1, …), but got {name!r}")
    if dtype not in ("index", "f32", "i32"):
        raise ArgumentError(f"parameter: expects index, f32 or i32, but got {dtype!r}")
    return Parameter(name, "i32" if rank and dtype == "index" else dtype, rank)


Integer = Union[int, Static, Parameter]  # what functions of masks take for a number
TableLike = Union[Parameter, Sequence, Any]  # … and for a table: an array of NumPy or PyTorch, or nested lists


class Table:
    """A run-time table; `last` is its last size where that is part of the program."""

    def __init__(self, array, last=None):
        self.array = array
        sizes = ["?"] * len(array.shape) if last is None else ["?"] * (len(array.shape) - 1) + [str(last)]
        self.type = f"tensor<{'x'.join((*sizes, tensors.dtype_name(array)))}>"


def integer(value, name):
    """A value for an `index` parameter."""
    if isinstance(value, (Static, Parameter)):
        return value
    if isinstance(value, int):  # also what torch.compile has for one
        number = value
    else:
        try:
            number = operator.index(value)
        except TypeError:
            raise ArgumentError(f"{name}: expects an integer, but got {type(value).__name__}") from None
    if not -(2**63) <= number < 2**63:
        raise ArgumentError(f"{name}: expects an integer of 64 bits, but got {number}")
    return number


def integer_table(value, name, rank, dtypes=("i32",), last=()):
    """A value for a tensor parameter of integers; `last` lists the sizes that its last dimension may have, if that is part of the program."""
    if isinstance(value, Parameter):
        if last:
            raise ArgumentError(f"{name}: expects an array, but got a parameter (its last size is part of the program)")
        if value.rank != rank:
            raise ArgumentError(f"{name}: expects a parameter of {rank} dimensions, but got {value.rank}")
        return value
    array = tensors.table(value, name, rank, dtypes)
    if last and array.shape[-1] not in last:
        raise ArgumentError(f"{name}: expects size {' or '.join(map(str, last))} in dimension {rank - 1}, but got {array.shape[-1]} (sizes {list(array.shape)})")
    return Table(array, array.shape[-1] if last else None)


def type_of(value):
    """MLIR type of a value."""
    if isinstance(value, (Table, Parameter)):
        return value.type
    return "f32" if isinstance(value, float) else "index"


class Arguments:
    """The arguments of a program while its text is written: integers, reals, tables and named parameters, each array once."""

    def __init__(self):
        self.integers, self.reals, self.tables, self.parameters = [], [], [], {}

    def add(self, value):
        """SSA name (or text of a number that is compiled in)."""
        if isinstance(value, Static):
            return str(value.value)
        if isinstance(value, Parameter):
            if self.parameters.setdefault(value.name, value) != value:
                raise ArgumentError(f"parameter {value.name}: expects one type, but got {self.parameters[value.name].type} and {value.type}")
            return "%" + value.name
        if isinstance(value, Table):
            for i, other in enumerate(self.tables):
                if other.array is value.array and other.type == value.type:
                    return f"%t{i}"
            self.tables.append(value)
            return f"%t{len(self.tables) - 1}"
        if isinstance(value, float):
            self.reals.append(value)
            return f"%f{len(self.reals) - 1}"
        self.integers.append(value)
        return f"%i{len(self.integers) - 1}"

    def signature(self):
        """[(name, type)] of the function's arguments, in the order of `values`."""
        named = [(f"i{i}", "index") for i in range(len(self.integers))] + [(f"f{i}", "f32") for i in range(len(self.reals))]
        named += [(f"t{i}", table.type) for i, table in enumerate(self.tables)]
        return named + [(name, parameter.type) for name, parameter in self.parameters.items()]


class Node:
    """One op: `template` is its text, with {m[i]} and {mt[i]} for operands and their types, {v[i]} and {t[i]} for values and theirs, {c[i]} for a value that must not
    be a literal."""

    type = "!attn.mask"

    def __init__(self, template, operands=(), values=()):
        self.template, self.operands, self.values = template, tuple(operands), tuple(values)

    def write(self, arguments, lines, done):
        """Appends the ops to `lines` and returns the name of the result."""
        if id(self) in done:
            return done[id(self)]
        operands = [operand.write(arguments, lines, done) for operand in self.operands]
        names = [arguments.add(value) for value in self.values]
        types = [type_of(value) for value in self.values]
        solid = list(names)
        for i, value in enumerate(self.values):
            if isinstance(value, Static) and "{c[%d]}" % i in self.template:
                solid[i] = f"%c{len(lines)}"
                lines.append(f"{solid[i]} = arith.constant {value.value} : index")
        result = f"%x{len(lines)}"
        kinds = [operand.type for operand in self.operands]
        lines.append(f"{result} = " + self.template.format(m=operands, mt=kinds, v=names, t=types, c=solid))
        done[id(self)] = result
        return result
