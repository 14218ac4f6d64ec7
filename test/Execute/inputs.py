# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What lacuna-run's generators (`randn:2x3xbf16:7`, `rand:`, `randint:`, `zeros:`, `ones:`, `arange:`) make, bit for bit, in NumPy.

tools/lacuna-run/RandomData.h says how the numbers are defined; this file shares no code with it. `generate(text)` gives the array (bf16 as its bits in
uint16). As a script: inputs.py FILE VALUE... compares the tensors "0", "1", ... of a safetensors file with it.
"""
import json
import math
import struct
import sys

import numpy as np

TYPES = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": np.uint16, "i64": np.int64, "index": np.int64, "i32": np.int32, "i16": np.int16,
         "i8": np.int8, "i1": np.uint8}
STORED = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "BF16": np.uint16, "I64": np.int64, "I32": np.int32, "I16": np.int16, "I8": np.int8,
          "BOOL": np.uint8}
LOW = np.uint64(0xFFFFFFFF)


def philox(seed, blocks):
    """Philox4x32-10: words 0..3 of the blocks, uint64 of shape (len(blocks), 4)."""
    blocks = np.asarray(blocks, np.uint64)
    c = [blocks & LOW, blocks >> np.uint64(32), np.zeros_like(blocks), np.zeros_like(blocks)]
    k = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(b >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), b & LOW, (a >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), a & LOW]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.stack(c, axis=-1)


def log_of_fraction(n):
    """ln(n / 2^32), n in 1..2^32."""
    m, exponent = np.frexp(n.astype(np.float64))
    small = m < 0.70710678118654752
    m, exponent = np.where(small, m * 2, m), exponent - small
    s = (m - 1) / (m + 1)
    z, total = s * s, 0.0
    for k in range(10, -1, -1):
        total = total * z + 2.0 / (2 * k + 1)
    return s * total + (exponent - 32) * 0.69314718055994531


def cos_sin_of_turn(w):
    """cos and sin of 2 pi w / 2^32."""
    w = w.astype(np.int64)
    quarter = (w + (1 << 29)) >> 30
    x = (w - (quarter << 30)).astype(np.float64) * (6.283185307179586 / 4294967296.0)
    z, c, s = x * x, 0.0, 0.0
    for k in range(8, -1, -1):
        c = c * z + (-1.0) ** k / math.factorial(2 * k)
        s = s * z + (-1.0) ** k / math.factorial(2 * k + 1)
    s = s * x
    turns = [quarter % 4 == q for q in range(4)]
    return np.select(turns, [c, -s, -c, s]), np.select(turns, [s, c, -s, -c])


def randn(seed, count):
    words = philox(seed, np.arange((count + 3) // 4)).reshape(-1, 2)
    radius = np.sqrt(-2 * log_of_fraction(words[:, 0] + np.uint64(1)))
    c, s = cos_sin_of_turn(words[:, 1])
    return np.stack([radius * c, radius * s], axis=-1).ravel()[:count]


def rand(seed, count):
    return (philox(seed, np.arange((count + 3) // 4)).ravel()[:count] >> np.uint64(8)).astype(np.float64) / 16777216.0


def randint(seed, count, limit):
    words = philox(seed, np.arange((count + 3) // 4)).ravel()[:count]
    return (words * np.uint64(limit)) >> np.uint64(32)


def round_to(numbers, dtype):
    """f64 numbers to the type's storage; 16-bit types by way of f32."""
    if dtype != "bf16":
        return numbers.astype(np.float64 if dtype == "f64" else np.float32).astype(TYPES[dtype])
    bits = numbers.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def generate(text):
    """The array of a generator with its seed (0 if there is none)."""
    kind, type, *rest = text.split(":")
    limit = int(rest.pop(0)) if kind == "randint" else None
    seed = (rest + ["0"])[0]
    shape = []
    while type[:1].isdigit():
        size, type = type.split("x", 1)
        shape.append(int(size))
    count = math.prod(shape)
    numbers = {"randint": lambda: randint(int(seed), count, limit), "randn": lambda: randn(int(seed), count), "rand": lambda: rand(int(seed), count), "zeros": lambda: np.zeros(count),
               "ones": lambda: np.ones(count), "arange": lambda: np.arange(count)}[kind]()
    array = round_to(numbers, type) if type in ("f64", "f32", "f16", "bf16") else numbers.astype(TYPES[type])
    return array.reshape(shape)


def read_safetensors(path):
    """All tensors of a file; bf16 as its bits."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {key: np.frombuffer(data[slice(*slot["data_offsets"])], STORED[slot["dtype"]]).reshape(slot["shape"]) for key, slot in header.items()}


def main():
    tensors, failed = read_safetensors(sys.argv[1]), 0
    for number, text in enumerate(sys.argv[2:]):
        got, expected = tensors[str(number)], generate(text)
        if got.dtype != expected.dtype or got.shape != expected.shape or got.tobytes() != expected.tobytes():
            failed += 1
            print("DIFFERS", text, got.ravel()[:4], expected.ravel()[:4])
    print(f"{len(sys.argv) - 2} tensors, {failed} differ")
    return 1 if failed or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
