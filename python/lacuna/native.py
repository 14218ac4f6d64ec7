# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""include/lacuna/Compiler.h and Runtime.h through ctypes. Tensors are described by pointer, type, sizes and strides, so that the memory of any framework works
without a copy. Nothing here knows masks."""

import ctypes as c
import functools
import os
import pathlib

from .errors import CompileError, ExecutionError

PACKAGE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("LACUNA_BUILD", PACKAGE.parent.parent / "build"))
DTYPES = {"f64": 1, "f32": 2, "f16": 3, "bf16": 4, "i64": 5, "i32": 6, "i16": 7, "i8": 8, "i1": 9, "index": 10}
TENSOR, SCALAR = 1, 2


class Tensor(c.Structure):
    """lacunaTensor. Strides count elements; the arrays live as long as the object."""

    _fields_ = [("data", c.c_void_p), ("dtype", c.c_int32), ("rank", c.c_int32), ("sizes", c.POINTER(c.c_int64)), ("strides", c.POINTER(c.c_int64))]

    def __init__(self, pointer, dtype, sizes, strides):
        self.keep = (c.c_int64 * len(sizes))(*sizes), (c.c_int64 * len(strides))(*strides)
        super().__init__(pointer, DTYPES[dtype], len(sizes), *self.keep)


class Value(c.Structure):
    """lacunaValue."""

    _fields_ = [("kind", c.c_int32), ("dtype", c.c_int32), ("tensor", Tensor), ("integer", c.c_int64), ("real", c.c_double)]


class Counts(c.Structure):
    """lacunaTileCounts."""

    _fields_ = [(name, c.c_int64) for name in ("full", "partial", "total", "launches", "counted_launches")]


class Options(c.Structure):
    """lacunaRunOptions."""

    _fields_ = [("struct_size", c.c_size_t), ("workspace", c.c_void_p), ("workspace_bytes", c.c_int64), ("stream", c.c_void_p), ("counts", c.POINTER(Counts))]


DIAGNOSTIC = c.CFUNCTYPE(None, c.c_void_p, c.c_int, c.c_char_p)


class CompileOptions(c.Structure):
    """lacunaCompileOptions."""

    _fields_ = [
        ("struct_size", c.c_size_t), ("source_name", c.c_char_p), ("targets", c.c_char_p), ("entry", c.c_char_p), ("emit", c.c_char_p),
        ("schedule_file", c.c_char_p), ("mask_library", c.POINTER(c.c_char_p)), ("num_mask_libraries", c.c_size_t), ("ptxas", c.c_char_p),
        ("embed_source", c.c_int32), ("batch_invariant", c.c_int32), ("reference", c.c_int32), ("diagnostic", DIAGNOSTIC), ("user", c.c_void_p),
    ]  # fmt: skip


def library_file(name):
    """The file of a library: inside the package (wheels have one for both), or in a build folder (`LACUNA_BUILD`, else build/ beside python/)."""
    candidates = [PACKAGE / "lib" / "liblacuna.so", BUILD / "lib" / f"liblacuna-{name}.so"]
    for path in candidates:
        if path.exists():
            return path
    raise ImportError(f"lacuna: expects its library at one of {', '.join(map(str, candidates))}, but found none: build first (scripts/build.sh)")


@functools.lru_cache(maxsize=None)
def compiler():
    library = c.CDLL(str(library_file("compiler")))
    library.lacunaCompilerVersion.restype = library.lacunaCompilerTargets.restype = c.c_char_p
    library.lacunaBufferData.restype, library.lacunaBufferSize.restype = c.c_void_p, c.c_size_t
    library.lacunaBufferData.argtypes = library.lacunaBufferSize.argtypes = library.lacunaBufferDestroy.argtypes = [c.c_void_p]
    return library


@functools.lru_cache(maxsize=None)
def runtime():
    library = c.CDLL(str(library_file("runtime")))
    library.lacunaLastError.restype = library.lacunaVersion.restype = c.c_char_p
    return library


def compile_source(source, targets="native", emit="artifact", embed_source=False, batch_invariant=False, reference=False, mask_libraries=()):
    """Bytes of the artifact (or another stage) of a module. Raises CompileError with all diagnostics."""
    messages = []
    files = (c.c_char_p * len(mask_libraries))(*(str(path).encode() for path in mask_libraries))
    options = CompileOptions(c.sizeof(CompileOptions), b"<lacuna>", targets.encode(), None, emit.encode(), None, files, len(files), None,
                             embed_source, batch_invariant, reference)  # fmt: skip
    options.diagnostic = DIAGNOSTIC(lambda user, severity, message: messages.append(message.decode()) if severity == 0 else None)
    result, text = c.c_void_p(), source.encode()
    if compiler().lacunaCompile(text, c.c_size_t(len(text)), c.byref(options), c.byref(result)):
        raise CompileError("\n".join(messages) or "the compiler gave no message", source)
    try:
        return c.string_at(compiler().lacunaBufferData(result), compiler().lacunaBufferSize(result))
    finally:
        compiler().lacunaBufferDestroy(result)


def check(status):
    if status:
        raise ExecutionError(runtime().lacunaLastError().decode())


class Device:
    """A device by name: cpu, emulate:CHIP, …"""

    def __init__(self, name="cpu"):
        self.handle = c.c_void_p()
        check(runtime().lacunaDeviceOpen(name.encode(), c.byref(self.handle)))
        self.threads = None

    def set_threads(self, threads):
        if threads and threads != self.threads:
            check(runtime().lacunaDeviceSetNumThreads(self.handle, c.c_int64(threads)))
            self.threads = threads


@functools.lru_cache(maxsize=None)
def device(name):
    return Device(name)


class Program:
    """A loaded artifact (a file, or bytes) and a device to run it on (a name opens one, with threads of its own)."""

    def __init__(self, artifact, device="cpu", threads=None):
        self.lib, self.program = runtime(), c.c_void_p()
        if isinstance(artifact, bytes):
            check(self.lib.lacunaProgramLoad(artifact, c.c_size_t(len(artifact)), c.byref(self.program)))
        else:
            check(self.lib.lacunaProgramLoadFile(str(artifact).encode(), c.byref(self.program)))
        self.device = device if isinstance(device, Device) else Device(device)
        self.device.set_threads(threads)

    def __del__(self):
        if getattr(self, "program", None):
            self.lib.lacunaProgramDestroy(self.program)

    def prepare(self):
        """Loads the code for the device. Raises ExecutionError where this machine cannot run it."""
        check(self.lib.lacunaProgramPrepare(self.program, self.device.handle, None))

    def entry(self, name=None):
        number = c.c_int64()
        check(self.lib.lacunaProgramFindEntry(self.program, name.encode() if name else None, c.byref(number)))
        return number

    @staticmethod
    def values(arguments):
        """lacunaValue of Tensors, ints (index) and floats (f32)."""
        values = (Value * len(arguments))()
        for value, argument in zip(values, arguments):
            if isinstance(argument, int):
                value.kind, value.dtype, value.integer = SCALAR, DTYPES["index"], argument
            elif isinstance(argument, float):
                value.kind, value.dtype, value.real = SCALAR, DTYPES["f32"], argument
            else:
                value.kind, value.tensor = TENSOR, argument
        return values

    def bind(self, arguments, results, entry=None):
        """A function that runs the entry (None: the only one) on Tensors, ints and floats (f32); optional Counts are filled in, a workspace is (address, bytes).
        Its `workspace_bytes()` says how many are needed."""
        number, values, outputs = self.entry(entry), self.values(arguments), (Tensor * len(results))(*results)
        keep = (arguments, results)  # the sizes and strides that the C structs point to

        def run(counts=None, workspace=(None, 0)):
            assert keep
            options = Options(c.sizeof(Options), *workspace, None, c.pointer(counts) if counts is not None else None)
            check(self.lib.lacunaRun(self.program, self.device.handle, number, values, c.c_int64(len(values)), outputs, c.c_int64(len(outputs)), c.byref(options)))

        def workspace_bytes():
            needed = c.c_int64()
            check(self.lib.lacunaWorkspaceBytes(self.program, self.device.handle, number, values, c.c_int64(len(values)), c.byref(needed)))
            return needed.value

        run.workspace_bytes = workspace_bytes
        return run
