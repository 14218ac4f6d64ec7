# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shows which keys a program's kernel really attends, row by row, by its numbers alone.

Queries are 0 and V is the identity, so O is 1/n at the n attended keys of a row and 0 elsewhere. For tests of traps.
Expects a function of q, k (zeros by attn.default), v [1, 1, Sk, 16] and results O, LSE; Sk is at most 16.

usage: attended.py FILE.mlir Sk FOLDER [lacuna-run arguments...]
"""

import json
import pathlib
import struct
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Execute"))
import inputs  # noqa: E402


def write_identity(path, size):
    data = np.eye(size, 16, dtype=np.float32).tobytes()
    header = json.dumps({"v": {"dtype": "F32", "shape": [1, 1, size, 16], "data_offsets": [0, len(data)]}}).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)


def describe(row, lse):
    if np.isnan(row).any() or np.isnan(lse):
        return "NaN"
    keys = np.flatnonzero(row)
    if not keys.size:
        return f"nothing, LSE {lse:g}"
    uniform = np.allclose(row[keys], 1 / keys.size, rtol=1e-5) and np.isclose(lse, np.log(keys.size), atol=1e-5)
    return " ".join(map(str, keys)) if uniform else f"weights {row[keys]} of {keys}, LSE {lse:g}"


def main():
    file, size, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    write_identity(folder / "v.safetensors", size)
    results = [f"--out={name}=@{folder / name}.safetensors" for name in ("result0", "result1")]
    subprocess.run(
        ["lacuna-run", file, f"--arg=v=@{folder / 'v.safetensors'}:v", *results, *sys.argv[4:]],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    o, lse = (
        next(iter(inputs.read_safetensors(folder / f"{name}.safetensors").values())) for name in ("result0", "result1")
    )
    for q, row in enumerate(o[0, 0]):
        print(f"row {q}: {describe(row, lse[0, 0, q])}")


if __name__ == "__main__":
    main()
