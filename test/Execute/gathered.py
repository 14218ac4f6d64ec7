# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs whose keys and values lie elsewhere (tables of rows, pages of a cache), with their inputs and attention in NumPy: cases for shared_copies.py.
Keys and values have tables of their own, and those of a batch entry or head differ, so that a wrong table gives wrong numbers."""
import zlib
from dataclasses import dataclass

import numpy as np

import cases
import storage
from cases import Program


@dataclass(frozen=True)
class Gathered(Program):
    page: int = 0  # rows of a page; 0: tables of rows
    operands: str = "kv"  # which are gathered
    latent: bool = False  # values are the keys (MLA)

    @property
    def name(self):
        return f"{super().name}_{self.operands}_{'pages%d' % self.page if self.page else 'rows'}{'_latent' if self.latent else ''}"

    def stored_type(self, operand):
        """The type of what is gathered from."""
        if operand not in self.operands or not self.page:
            return self.type(operand)
        sizes = {"bhsd": ("?", self.heads[1], self.page), "bshd": ("?", self.page, self.heads[1])}[self.layout]
        return "tensor<" + "x".join(map(str, (*sizes, self.size[0]))) + f"x{self.dtype}>"

    def mlir(self):
        table = "tensor<?x?xi32>" if self.page else "tensor<?x?x?xi32>"
        arguments, body, names = [f"%q: {self.type('q')}"], "", []
        for x in "kv":
            arguments.append(f"%{x}: {self.stored_type(x)}")
            names.append(f"%{x}s" if x in self.operands else f"%{x}")
            if x in self.operands:
                body += (f"  %{x}s = attn.gather_{'pages' if self.page else 'rows'} %{x}[%{x}_rows] layout({self.layout})"
                         f" : {self.stored_type(x)}, {table} -> {self.type(x)}\n")
        names = [names[0], names[0]] if self.latent else names
        arguments += [f"%{x}_rows: {table}" for x in self.operands]
        row = "tensor<" + ("" if self.layout == "shd" else "?x") + f"{self.heads[0]}x?xf32>"
        results = f"{self.type('o')}, {row}, {row}"
        return (f"func.func @{self.name}({', '.join(arguments)}) -> ({results}) {{\n{cases.MASKS[self.mask].text}\n{body}"
                f"  %o, %lse, %max = attn.attention %q, {', '.join(names)} mask(%m) layout({self.layout})\n"
                f"    : {self.type('q')}, {self.type('k')}, {self.type('v')} -> {results}\n  return %o, %lse, %max : {results}\n}}\n")


def table_of(rng, case):
    """`table`: its batch entries and heads; `kind`: see storage.row_table."""
    program, p = case.program, case.parameters
    if not program.page:
        return storage.row_table(rng, *p["table"], p["stored"], case.keys, p["kind"])
    pages = (case.batch, case.keys // program.page)
    return rng.integers(-3, p["stored"] + 3, pages).astype(np.int32)


def inputs(case):
    """Arguments in order. `stored`: rows, or pages, of what is gathered from."""
    rng, program = np.random.default_rng(zlib.crc32(case.name.encode())), case.program
    values = {"q": program.shape("q", case.batch, case.queries)}
    for x in "kv":
        values[x] = program.shape(x, case.batch, case.parameters["stored"] if x in program.operands else case.keys)
        if program.page and x in program.operands:
            values[x] = program.shape(x, case.parameters["stored"], program.page)
    values = {name: cases.round_to(rng.standard_normal(shape), program.dtype) for name, shape in values.items()}
    return values | {f"{x}_rows": table_of(rng, case) for x in program.operands}


def attention(case, values):
    """Gathered by NumPy, then attention as it is defined."""
    program, plain = case.program, dict(values)
    for x in program.operands:
        table, source = values[f"{x}_rows"], storage.to_bhsd(values[x], program.layout)
        if program.page:
            pages = source[np.clip(table, 0, source.shape[0] - 1)]  # batch entry, page, head, row, feature
            rows = pages.transpose(0, 2, 1, 3, 4).reshape(case.batch, program.heads[1], case.keys, source.shape[3])
        else:
            rows = storage.pick(source, storage.own_rows(table, *source.shape[:2]))
        plain[x] = storage.from_bhsd(rows, program.layout)
    plain["v"] = plain["k"] if program.latent else plain["v"]
    return cases.attention(case, plain)
