# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Text of the scalar regions of masks and scores, from Symbols."""

from .errors import TraceError

from .symbols import COMPARISONS, convert

NAMES = {"b": "%b", "h": "%h", "q": "%q_", "k": "%k_", "x": "%x"}
INTEGERS = {"add": "addi", "sub": "subi", "mul": "muli", "min": "minsi", "max": "maxsi", "and": "andi", "or": "ori", "xor": "xori", "shl": "shli", "shr": "shrsi",
            "floordiv": "floordivsi"}  # fmt: skip
REALS = {"add": "addf", "sub": "subf", "mul": "mulf", "div": "divf", "min": "minimumf", "max": "maximumf"}
REAL_COMPARISONS = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
TYPES = {"index": "index", "bool": "i1", "f32": "f32"}
LITERALS = ("mul", "floordiv", "mod", "shl", "shr", "and", "or", "xor")  # ops whose integers are compiled in


class Region:
    """Lines of a region; `values` are what its placeholders {v[i]} and {t[i]} stand for."""

    def __init__(self, values=()):
        self.lines, self.values, self.done = [], list(values), {}

    def text(self):
        return "\n".join("    " + line for line in self.lines)

    def mask(self, head, last, tail):
        from .masks import Mask

        return Mask("\n".join((head, self.text() + "\n    " + last, "  " + tail)), values=self.values)

    def add(self, text):
        name = f"%r{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return name

    def constant(self, value, type="index"):
        return self.add(f"arith.constant {value} : {type}")

    def length(self, side):
        return self.add(f"attn.{side}_length")

    def placeholder(self, value):
        self.values.append(value)
        return len(self.values) - 1

    def number(self, x, literal):
        """A number: compiled in where it is 0 or ±1, or where that makes the code faster; else a run-time argument."""
        value = x.args[0]
        if x.kind == "bool":
            return self.constant(str(value).lower(), "i1")
        if x.kind == "f32":
            if value == float("-inf"):
                return self.constant("0xFF800000", "f32")
            if value != value or value == float("inf"):
                raise TraceError(f"tracing: expects finite reals and -inf, but got {value}")
            return f"{{v[{self.placeholder(float(value))}]}}"
        if not -(2**62) <= value <= 2**62:
            raise TraceError(f"tracing: expects integers up to 2^62, but got {value}")
        return self.constant(value) if literal or value in (-1, 0, 1) else f"{{v[{self.placeholder(value)}]}}"

    def write(self, x, literal=False):
        """Appends the ops of a Symbol and returns its name."""
        if x.op == "constant":
            return self.number(x, literal)
        if x not in self.done:
            self.done[x] = self.op(x)
        return self.done[x]

    def op(self, x):
        if x.op == "leaf":
            return NAMES[x.args[0]]
        if x.op == "lookup":
            return self.lookup(*x.args)
        if x.op == "partial":
            raise TraceError(f"tracing: expects {x.args[0].rank} indices of a table, but got {len(x.args[1])}")
        arguments = [self.write(y, x.op in LITERALS) for y in x.args]
        kinds = [y.kind for y in x.args]
        if x.op in COMPARISONS:
            real = kinds[0] == "f32"
            return self.add(f"arith.cmp{'f' if real else 'i'} {(REAL_COMPARISONS if real else COMPARISONS)[x.op]}, {', '.join(arguments)} : {TYPES[kinds[0]]}")
        if x.op == "where":
            return self.add(f"arith.select {', '.join(arguments)} : {TYPES[x.kind]}")
        if x.op == "not":
            return self.add(f"arith.xori {arguments[0]}, {self.constant('true', 'i1')} : i1")
        if x.op == "mod":
            return self.modulo(x, arguments)
        if x.op == "abs" and x.kind == "index":
            negative = self.add(f"arith.subi {self.constant(0)}, {arguments[0]} : index")
            return self.add(f"arith.maxsi {arguments[0]}, {negative} : index")
        if x.op in ("to_f32", "to_index", "to_integer"):
            return self.cast(x.op, arguments[0])
        if x.kind == "f32":
            name = REALS.get(x.op)
            return self.add(f"arith.{name} {', '.join(arguments)} : f32" if name else f"math.{'absf' if x.op == 'abs' else x.op} {arguments[0]} : f32")
        return self.add(f"arith.{INTEGERS[x.op]} {', '.join(arguments)} : {TYPES[x.kind]}")

    def modulo(self, x, arguments):
        """Python's %, never negative for a positive divisor."""
        if x.args[1].op == "constant":
            return self.add(f"affine.apply affine_map<(d0) -> (d0 mod {x.args[1].args[0]})>({arguments[0]})")
        quotient = self.add(f"arith.floordivsi {', '.join(arguments)} : index")
        return self.add(f"arith.subi {arguments[0]}, {self.add(f'arith.muli {quotient}, {arguments[1]} : index')} : index")

    def cast(self, op, name):
        if op == "to_index":
            wide = self.add(f"arith.extui {name} : i1 to i64")
            return self.add(f"arith.index_cast {wide} : i64 to index")
        if op == "to_f32":
            wide = self.add(f"arith.index_cast {name} : index to i64")
            return self.add(f"arith.sitofp {wide} : i64 to f32")
        wide = self.add(f"arith.fptosi {name} : f32 to i64")
        return self.add(f"arith.index_cast {wide} : i64 to index")

    def lookup(self, source, indices):
        number = self.placeholder(source.table)
        names = ", ".join(self.write(convert(i, "index")) for i in indices)
        type = "f32" if source.kind == "f32" else "index"
        entry = self.add(f"attn.lookup {{v[{number}]}}[{names}] : {{t[{number}]}} -> {type}")
        if source.kind == "bool":
            return self.add(f"arith.cmpi ne, {entry}, {self.constant(0)} : index")
        return entry


