# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scalars that record what is done with them: what `from_mask_mod` and `from_score_mod` pass to a user's function.

A Symbol is an operation on Symbols and numbers; `kind` is "index", "bool" or "f32". Python's operators, methods of tensors and functions of torch make new ones.
Whatever needs a value (if, while, int(…)) is a TraceError.
"""

from __future__ import annotations

import math

from . import tensors
from .errors import TraceError
from .expression import Table

COMPARISONS = {"lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge", "eq": "eq", "ne": "ne"}
MATH = ("abs", "exp", "exp2", "log", "log2", "sqrt", "rsqrt", "sin", "cos", "tanh", "floor", "ceil")
IGNORED = ("contiguous", "detach", "clone", "expand", "view")


class Symbol:
    """`op` with `args` (Symbols, or the value of a leaf)."""

    def __init__(self, op, args, kind):
        self.op, self.args, self.kind = op, tuple(args), kind

    # Values do not exist yet.
    def __bool__(self):
        raise TraceError("tracing: expects no Python 'if', 'and', 'or', 'not' or 'while' on indices or scores: use &, |, ~ and torch.where")

    def __index__(self):
        raise TraceError("tracing: expects no Python integer here, and no NumPy array that is indexed directly: wrap it as lacuna.table(array)")

    __int__ = __float__ = __index__

    def __iter__(self):
        raise TraceError("tracing: expects a scalar, but it is iterated over")

    def __hash__(self):
        return id(self)

    def __getattr__(self, name):
        if name in METHODS:
            return lambda *args, **kwargs: METHODS[name](self, *args, **kwargs)
        if name.startswith("__"):
            raise AttributeError(name)
        raise TraceError(f"tracing: {name} is not known on indices and scores; known are {', '.join(sorted(METHODS))}")

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        name = function.__name__
        if name == "__get__":
            raise TraceError("tracing: expects no attributes of tensors such as shape or device")
        if name in ("__getitem__", "index_select"):
            return lookup(args[0], args[1])
        name = {"logical_and": "__and__", "logical_or": "__or__", "logical_not": "__invert__", "logical_xor": "__xor__"}.get(name, name).strip("_")
        if name not in METHODS:
            raise TraceError(f"tracing: torch.{function.__name__} is not known; known are {', '.join(sorted(METHODS))}")
        return METHODS[name](*args, **(kwargs or {}))

    def __getitem__(self, indices):
        """More indices of a table that has not got all of them."""
        if self.op != "partial":
            raise TraceError("tracing: expects a table, but a scalar is indexed")
        more = indices if isinstance(indices, tuple) else (indices,)
        return lookup_of(self.args[0], self.args[1] + more)


def leaf(name, kind="index"):
    return Symbol("leaf", [name], kind)


def wrap(x):
    """A number, 0-d tensor or Symbol as a Symbol."""
    if isinstance(x, Symbol):
        return x
    if tensors.is_torch(x) and x.dim() == 0 or hasattr(x, "item") and getattr(x, "ndim", None) == 0:
        x = x.item()
    if isinstance(x, bool):
        return Symbol("constant", [x], "bool")
    if isinstance(x, int):
        return Symbol("constant", [x], "index")
    if isinstance(x, float):
        return Symbol("constant", [x], "f32")
    raise TraceError(f"tracing: expects a number or an index, but got {type(x).__name__}; tables have an index for each dimension")


def convert(x, kind):
    """x as another kind: bool to index (0 or 1), index to f32, anything to bool (not 0)."""
    x = wrap(x)
    if x.kind == kind:
        return x
    if kind == "bool":
        return compare("ne", x, 0)
    if kind == "f32":
        return Symbol("to_f32", [convert(x, "index")], "f32")
    if x.kind == "bool":
        return Symbol("to_index", [x], "index")
    raise TraceError("tracing: expects an integer, but got a real number; round it with .floor().to(torch.int32)")


def common(x, y):
    x, y = wrap(x), wrap(y)
    kind = "f32" if "f32" in (x.kind, y.kind) else "index"
    return convert(x, kind), convert(y, kind)


def arithmetic(op, x, y):
    x, y = common(x, y)
    if x.op == y.op == "constant":
        a, b = x.args[0], y.args[0]
        return wrap({"add": a + b, "sub": a - b, "mul": a * b, "min": min(a, b), "max": max(a, b)}[op])
    return Symbol(op, [x, y], x.kind)


def compare(op, x, y):
    return Symbol(op, common(x, y), "bool")


def divide(x, y, rounding_mode=None):
    if rounding_mode is None:
        return Symbol("div", [convert(x, "f32"), convert(y, "f32")], "f32")
    if rounding_mode != "floor":
        raise TraceError(f"tracing: expects rounding_mode None or floor, but got {rounding_mode}")
    x, y = common(x, y)
    if x.kind == "f32":
        return Symbol("floor", [divide(x, y)], "f32")
    return Symbol("floordiv", [x, positive(y)], "index")


def remainder(x, y):
    x, y = common(x, y)
    if x.kind == "f32":
        raise TraceError("tracing: expects integers in %, but got real numbers")
    return Symbol("mod", [x, positive(y)], "index")


def positive(divisor):
    if divisor.op == "constant" and divisor.args[0] < 1:
        raise TraceError(f"tracing: expects a positive divisor, but got {divisor.args[0]}")
    return divisor


def logic(op, x, y):
    x, y = wrap(x), wrap(y)
    if "f32" in (x.kind, y.kind):
        raise TraceError(f"tracing: expects booleans or integers in {op}, but got a real number")
    kind = "bool" if x.kind == y.kind == "bool" else "index"
    return Symbol(op, [convert(x, kind), convert(y, kind)], kind)


def invert(x):
    x = wrap(x)
    return Symbol("not", [x], "bool") if x.kind == "bool" else arithmetic("sub", -1, x)


def shift(op, x, y):
    return Symbol(op, [convert(x, "index"), convert(y, "index")], "index")


def unary(op, x):
    x = wrap(x)
    if op == "abs" and x.kind == "index":
        return Symbol("abs", [x], "index")
    return Symbol(op, [convert(x, "f32")], "f32")


def where(condition, x, y):
    x, y = wrap(x), wrap(y)
    if not x.kind == y.kind == "bool":
        x, y = common(x, y)
    return Symbol("where", [convert(condition, "bool"), x, y], x.kind)


def clamp(x, min=None, max=None):
    if min is not None:
        x = arithmetic("max", x, min)
    return x if max is None else arithmetic("min", x, max)


def cast(x, *args, **kwargs):
    """.to(dtype): reals and integers; widths are ours."""
    to = next((str(a) for a in (*args, *kwargs.values()) if "." in str(a) or str(a) in ("bool", "int", "float")), "")
    if "bool" in to:
        return convert(x, "bool")
    if "float" in to:
        return convert(x, "f32")
    return truncate(x) if "int" in to else wrap(x)


def truncate(x):
    x = wrap(x)
    return Symbol("to_integer", [x], "index") if x.kind == "f32" else convert(x, "index")


def square(x):
    return arithmetic("mul", x, x)


def sigmoid(x):
    return divide(1.0, arithmetic("add", 1.0, unary("exp", arithmetic("mul", -1.0, convert(x, "f32")))))


def power(x, exponent):
    if exponent == 2:
        return square(x)
    raise TraceError(f"tracing: expects the exponent 2, but got {exponent}")


def raised(x, base):
    """base ** x of a positive number."""
    base = wrap(base)
    if base.op != "constant" or not base.args[0] > 0:
        raise TraceError("tracing: expects a positive number as the base of a power")
    return unary("exp2", arithmetic("mul", convert(x, "f32"), math.log2(base.args[0])))


class TableSymbol:
    """A captured array: `table(array)[i, …]` is its entry."""

    def __init__(self, array):
        dtype = tensors.dtype_name(array)
        kinds = ("i1",) if dtype == "i1" else ("f32",) if dtype.startswith(("f", "bf")) else ("i32", "i8", "i16")
        self.table = Table(tensors.table(array, "table", len(array.shape), kinds))
        self.rank, self.kind = len(array.shape), "bool" if dtype == "i1" else "f32" if kinds == ("f32",) else "index"

    def __getitem__(self, indices):
        return lookup_of(self, indices if isinstance(indices, tuple) else (indices,))


def lookup(array, indices):
    return table(array)[indices if isinstance(indices, tuple) else (indices,)]


wrapped: dict = {}


def table(array):
    """An array that may be indexed in a function to trace: `lacuna.table(ids)[b, q]`. PyTorch tensors need no wrapping. An index outside the table makes the
    surrounding comparison false."""
    if isinstance(array, TableSymbol):
        return array
    if not tensors.is_torch(array) and not tensors.is_numpy(array):
        import numpy

        array = numpy.asarray(array)
    known = wrapped.get(id(array))  # a table that is converted is converted once
    if known is None or known[0] is not array:
        known = wrapped[id(array)] = (array, TableSymbol(array))
    return known[1]


def lookup_of(source, indices):
    if len(indices) > source.rank:
        raise TraceError(f"tracing: expects {source.rank} indices of a table, but got {len(indices)}")
    indices = tuple(convert(i, "index") for i in indices)
    if len(indices) < source.rank:
        return Symbol("partial", [source, indices], source.kind)
    return Symbol("lookup", [source, indices], source.kind)


METHODS = {
    "add": lambda x, y: arithmetic("add", x, y), "sub": lambda x, y: arithmetic("sub", x, y), "rsub": lambda x, y: arithmetic("sub", y, x),
    "mul": lambda x, y: arithmetic("mul", x, y), "floordiv": lambda x, y: divide(x, y, "floor"), "floor_divide": lambda x, y: divide(x, y, "floor"),
    "truediv": divide, "div": divide, "true_divide": divide, "mod": remainder, "remainder": remainder, "neg": lambda x: arithmetic("mul", -1, x),
    "and": lambda x, y: logic("and", x, y), "or": lambda x, y: logic("or", x, y), "xor": lambda x, y: logic("xor", x, y), "invert": invert,
    "bitwise_and": lambda x, y: logic("and", x, y), "bitwise_or": lambda x, y: logic("or", x, y), "bitwise_xor": lambda x, y: logic("xor", x, y),
    "bitwise_not": invert, "logical_and": lambda x, y: logic("and", convert(x, "bool"), convert(y, "bool")),
    "logical_or": lambda x, y: logic("or", convert(x, "bool"), convert(y, "bool")), "logical_not": lambda x: invert(convert(x, "bool")),
    "lshift": lambda x, y: shift("shl", x, y), "rshift": lambda x, y: shift("shr", x, y), "bitwise_left_shift": lambda x, y: shift("shl", x, y),
    "bitwise_right_shift": lambda x, y: shift("shr", x, y), "minimum": lambda x, y: arithmetic("min", x, y), "maximum": lambda x, y: arithmetic("max", x, y),
    "min": lambda x, y: arithmetic("min", x, y), "max": lambda x, y: arithmetic("max", x, y), "where": where, "clamp": clamp, "clip": clamp, "to": cast,
    "float": lambda x: convert(x, "f32"), "int": truncate, "long": truncate, "bool": lambda x: convert(x, "bool"), "sigmoid": sigmoid, "square": square,
    "pow": power, "absolute": lambda x: unary("abs", x), "item": wrap,
}  # fmt: skip
METHODS.update({name: (lambda op: lambda x: unary(op, x))(name) for name in MATH})
METHODS.update({name: (lambda op: lambda x, y: compare(op, x, y))(name) for name in COMPARISONS})
METHODS.update({name: (lambda x, *sizes: wrap(x)) for name in IGNORED})
METHODS.update({long: METHODS[short] for long, short in dict(less="lt", less_equal="le", greater="gt", greater_equal="ge", not_equal="ne").items()})


def add_operators():
    """Python's operators, with the number on either side."""
    for name in ("add", "sub", "mul", "floordiv", "truediv", "mod", "and", "or", "xor", "lshift", "rshift"):
        setattr(Symbol, f"__{name}__", (lambda f: lambda x, y: f(x, y))(METHODS[name]))
        setattr(Symbol, f"__r{name}__", (lambda f: lambda x, y: f(y, x))(METHODS[name]))
    for name in ("neg", "invert", "abs"):
        setattr(Symbol, f"__{name}__", (lambda f: lambda x: f(x))(METHODS[name]))
    for name in COMPARISONS:
        setattr(Symbol, f"__{name}__", (lambda f: lambda x, y: f(x, y))(METHODS[name]))
    Symbol.__pow__ = lambda x, y: power(x, y)
    Symbol.__rpow__ = raised


add_operators()
