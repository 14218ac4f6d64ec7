# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run by the Python of an environment that has nothing but the wheel: compiles and runs an attention through the C interface, compares with sums in
plain Python, and checks that no shared library from outside the environment came with it, but the C library's."""
import ctypes as c
import importlib.metadata
import math
import pathlib
import sys

LENGTH, FEATURES = 4, 8
TYPE = f"tensor<1x1x?x{FEATURES}xf32>"
SOURCE = f"""
func.func @causal(%q: {TYPE}, %k: {TYPE}, %v: {TYPE}) -> {TYPE} {{
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : {TYPE}, {TYPE}, {TYPE} -> {TYPE}
  return %o : {TYPE}
}}
""".encode()
DIAGNOSTIC = c.CFUNCTYPE(None, c.c_void_p, c.c_int, c.c_char_p)


class CompileOptions(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        *((name, c.c_char_p) for name in ("source_name", "targets", "entry", "emit", "schedule_file")),
        ("mask_library", c.c_void_p),
        ("num_mask_libraries", c.c_size_t),
        ("ptxas", c.c_char_p),
        *((name, c.c_int32) for name in ("embed_source", "batch_invariant", "reference")),
        ("diagnostic", DIAGNOSTIC),
        ("user", c.c_void_p),
    ]


class Tensor(c.Structure):
    _fields_ = [("data", c.c_void_p), ("dtype", c.c_int32), ("rank", c.c_int32), ("sizes", c.POINTER(c.c_int64)), ("strides", c.c_void_p)]


class Value(c.Structure):
    _fields_ = [("kind", c.c_int32), ("dtype", c.c_int32), ("tensor", Tensor), ("integer", c.c_int64), ("real", c.c_double)]


def attention(q, k, v):
    """Causal, by the definition."""
    rows = []
    for i in range(LENGTH):
        weights = [math.exp(sum(a * b for a, b in zip(q[i], k[j])) / math.sqrt(FEATURES)) for j in range(i + 1)]
        rows.append([sum(w * v[j][f] for j, w in enumerate(weights)) / sum(weights) for f in range(FEATURES)])
    return rows


def compile_source(lib, source, **given):
    """(artifact bytes or None, diagnostics)"""
    messages = []
    callback = DIAGNOSTIC(lambda user, severity, message: messages.append(message.decode()))
    options = CompileOptions(struct_size=c.sizeof(CompileOptions), diagnostic=callback, **given)
    buffer = c.c_void_p()
    if lib.lacunaCompile(source, c.c_size_t(len(source)), c.byref(options), c.byref(buffer)):
        return None, messages
    lib.lacunaBufferData.restype, lib.lacunaBufferSize.restype = c.c_void_p, c.c_size_t
    artifact = c.string_at(lib.lacunaBufferData(buffer), lib.lacunaBufferSize(buffer))
    lib.lacunaBufferDestroy(buffer)
    return artifact, messages


def run(lib, artifact, inputs):
    def check(status):
        lib.lacunaLastError.restype = c.c_char_p
        assert status == 0, lib.lacunaLastError().decode()

    program, device = c.c_void_p(), c.c_void_p()
    check(lib.lacunaProgramLoad(artifact, c.c_size_t(len(artifact)), c.byref(program)))
    check(lib.lacunaDeviceOpen(b"cpu", c.byref(device)))
    check(lib.lacunaDeviceSetNumThreads(device, c.c_int64(2)))
    sizes = (c.c_int64 * 4)(1, 1, LENGTH, FEATURES)
    memory = [(c.c_float * (LENGTH * FEATURES))(*sum(rows, [])) for rows in inputs]
    memory.append((c.c_float * (LENGTH * FEATURES))())
    tensors = [Tensor(c.addressof(data), 2, 4, sizes, None) for data in memory]
    arguments = (Value * 3)(*(Value(kind=1, tensor=tensor) for tensor in tensors[:3]))
    check(lib.lacunaRun(program, device, c.c_int64(0), arguments, c.c_int64(3), c.byref(tensors[3]), c.c_int64(1), None))
    lib.lacunaProgramDestroy(program)
    lib.lacunaDeviceDestroy(device)
    return [list(memory[3][i * FEATURES : (i + 1) * FEATURES]) for i in range(LENGTH)]


def shared_libraries():
    with open("/proc/self/maps") as maps:
        return {line.split(None, 5)[5].strip() for line in maps if ".so" in line}


def main():
    import lacuna

    root = pathlib.Path(lacuna.__file__).resolve().parent
    assert pathlib.Path(sys.prefix).resolve() in root.parents, f"lacuna comes from {root}, not from the environment {sys.prefix}"
    before = shared_libraries()
    lib = c.CDLL(str(root / "lib" / "liblacuna.so"))
    lib.lacunaVersion.restype = c.c_char_p
    assert lib.lacunaVersion().decode() == importlib.metadata.version("lacuna") == lacuna.__version__

    inputs = [[[math.sin(1 + n * 7 + i * FEATURES + f) for f in range(FEATURES)] for i in range(LENGTH)] for n in range(3)]
    artifact, messages = compile_source(lib, SOURCE)
    assert artifact, messages
    got, expected = run(lib, artifact, inputs), attention(*inputs)
    error = max(abs(a - b) for got_row, row in zip(got, expected) for a, b in zip(got_row, row))
    assert error < 1e-6, f"expects {expected}, but got {got}"

    # Code for machines that are not here comes from the same file.
    half = SOURCE.replace(b"x8xf32", b"x64xf16")
    for target, emit in ((b"aarch64", b"asm"), (b"sm_80", b"ptx"), (b"gfx942", b"hsaco")):
        code, messages = compile_source(lib, half, targets=target, emit=emit)
        assert code, (target, messages)
    broken, messages = compile_source(lib, b"func.func @x(")
    assert broken is None and messages

    foreign = {path for path in shared_libraries() - before if pathlib.Path(path).name not in ("liblacuna.so", "libm.so.6", "libc.so.6")}
    # Kernels are shared objects in memory.
    foreign = {path for path in foreign if not path.startswith("/memfd:")}
    assert not foreign, f"expects nothing from outside the wheel, but got {foreign}"
    print(f"causal attention: largest error {error:.1e}; liblacuna.so {lib.lacunaVersion().decode()} alone")


if __name__ == "__main__":
    main()
