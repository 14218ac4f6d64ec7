#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the AMX kernel's loops cost per unit of 32 x 32 scores, estimated from its assembly: products and softmax after another (one stage), and interleaved (two).

    python3 benchmarks/amx_estimate.py [--head 128] [--mca /usr/lib/llvm-22/bin/llvm-mca]

No measurement. `llvm-mca` is LLVM's model of Sapphire Rapids as it is: it gives TDPBF16PS no tile unit to wait for (it takes 16 cycles of one) and 512-bit arithmetic
one port (there are two). `bounds` is the busiest of: 16 cycles per tile product, two vector ports, two loads and one store a cycle (a tile is 16 of either), six
instructions a cycle; latencies do not count. Only loops over tiles of scores and outputs count, those over rows are the same in both.
"""
import argparse
import pathlib
import re
import subprocess
import tempfile

LACUNA = pathlib.Path(__file__).resolve().parent.parent
SOURCE = """func.func @f(%q: {t}, %k: {t}, %v: {t}) -> {t} {{
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : {t}, {t}, {t} -> {t}
  return %o : {t}
}}
"""
GROUPS, KEYS = 3, 64  # of 32 queries; of a tile


def loops(assembly):
    """Innermost loops of the kernel, as lists of (instruction, operands)."""
    text = re.search(r"^f\.attention0:(.*?)^\.Lfunc_end", assembly, re.S | re.M).group(1)
    for label, body in re.findall(r"^(\.LBB\w+):[^\n]*\n(.*?)(?=^\.LBB|\Z)", text, re.S | re.M):
        code = [line.strip().split("\t") + [""] for line in body.splitlines() if line.startswith("\t") and not line.startswith("\t.")]
        ends = [i for i, (op, to, *_) in enumerate(code) if op.startswith("j") and to == label]
        if ends:
            yield [(op, operands) for op, operands, *_ in code[: ends[0] + 1]]


def count(code, name):
    return sum(op.startswith(name) for op, _ in code)


def kind_and_repeats(code, head, stages):
    """What a loop does, and how often it runs per tile; None for loops over rows."""
    times = GROUPS if stages == 1 else 1
    products, exponentials, maxima = count(code, "tdp"), count(code, "vscalef"), count(code, "vmaxps")
    rows = "exponentials" if exponentials else "maximum" if maxima > 3 else "scaling" if count(code, "vmulps") else ""
    if products:
        is_scores = count(code, "tilezero") > 0
        return " and ".join(filter(None, ("QK" if is_scores else "PV", rows))), (KEYS // 32 if is_scores else head // 32) * times
    if exponentials > 1:
        return rows, 2 * KEYS // exponentials * times
    if maxima > 3:
        return rows, 2 * KEYS // maxima * times
    if rows == "scaling" and len(code) < 20 and not count(code, "vcmp"):
        return rows, 2 * head // count(code, "vmulps") * times
    return None


def bounds(code):
    tiles = vectors = loads = stores = 0
    for op, operands in code:
        is_store = op.startswith("vmov") and operands.rstrip().endswith(")")
        tiles += 16 * op.startswith("tdp")
        loads += 16 if op.startswith("tileload") else "(" in operands and not is_store and op.startswith("v")
        stores += 16 if op.startswith("tilestore") else is_store
        vectors += 0 if not op.startswith("v") or op.startswith("vmov") else 2 if op.startswith("vcvtne2") else 1
    return max(tiles, vectors / 2, loads / 2, stores, len(code) / 6)


def mca(tool, code):
    text = "\n".join("\t".join(line) for line in code)
    report = subprocess.run([tool, "-mtriple=x86_64", "-mcpu=sapphirerapids", "-iterations=100"], input=text, capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Total Cycles:\s+(\d+)", report).group(1)) / 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--head", type=int, default=128)
    parser.add_argument("--mca", default="llvm-mca")
    parser.add_argument("--compiler", default=LACUNA / "build" / "bin" / "lacuna-compile")
    args = parser.parse_args()
    units = GROUPS * KEYS // 32
    print(f"head {args.head}\n\n| stages | loop | runs per tile | llvm-mca | bounds |\n|---|---|---|---|---|")
    for stages in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            source, schedule = pathlib.Path(folder) / "f.mlir", pathlib.Path(folder) / "schedule"
            source.write_text(SOURCE.format(t=f"tensor<1x2x?x{args.head}xbf16>"))
            schedule.write_text(f"#attn.schedule<tile_m = {32 * GROUPS}, tile_n = {KEYS}, stages = {stages}, transposed = true>")
            command = [args.compiler, source, "--target=sapphirerapids", f"--schedule={schedule}", "--emit=asm", "-o", "-"]
            found = list(loops(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
        # The full body comes after the partial one, and begins with scores of which nothing stands beside.
        alone = [i for i, code in enumerate(found) if count(code, "tilezero") and not count(code, "vscalef") and not count(code, "vmaxps")]
        last = max(i for i, code in enumerate(found) if count(code, "tdp"))
        sums = [0, 0]
        for code in found[alone[-1] : last + 1]:
            if known := kind_and_repeats(code, args.head, stages):
                cycles = mca(args.mca, code), bounds(code)
                sums = [total + known[1] * x for total, x in zip(sums, cycles)]
                print(f"| {stages} | {known[0]} | {known[1]} | {cycles[0]:.0f} | {cycles[1]:.0f} |")
        print(f"| {stages} | per unit | | {sums[0] / units:.0f} | {sums[1] / units:.0f} |")


if __name__ == "__main__":
    main()
