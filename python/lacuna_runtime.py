# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""include/lacuna/Runtime.h through ctypes, as much as tests and benchmarks need. Tensors are described by pointer, type, sizes and strides, so that NumPy and
PyTorch memory both work without a copy."""
import ctypes as c
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("LACUNA_BUILD", ROOT / "build"))
DTYPES = {"f64": 1, "f32": 2, "f16": 3, "bf16": 4, "i64": 5, "i32": 6, "i16": 7, "i8": 8, "i1": 9}
TENSOR, SCALAR, INDEX = 1, 2, 10


class Tensor(c.Structure):
    _fields_ = [("data", c.c_void_p), ("dtype", c.c_int32), ("rank", c.c_int32), ("sizes", c.POINTER(c.c_int64)), ("strides", c.POINTER(c.c_int64))]

    def __init__(self, pointer, dtype, sizes, strides):
        """Strides count elements. The arrays live as long as the object."""
        self.keep = (c.c_int64 * len(sizes))(*sizes), (c.c_int64 * len(sizes))(*strides)
        super().__init__(pointer, DTYPES[dtype], len(sizes), *self.keep)


class Value(c.Structure):
    _fields_ = [("kind", c.c_int32), ("dtype", c.c_int32), ("tensor", Tensor), ("integer", c.c_int64), ("real", c.c_double)]


class Counts(c.Structure):
    _fields_ = [(name, c.c_int64) for name in ("full", "partial", "total", "launches", "counted_launches")]


class Options(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("workspace", c.c_void_p), ("workspace_bytes", c.c_int64), ("stream", c.c_void_p), ("counts", c.POINTER(Counts))]


class Program:
    """A loaded artifact and a device to run it on."""

    def __init__(self, path, device="cpu", threads=None):
        self.lib = c.CDLL(str(BUILD / "lib" / "liblacuna-runtime.so"))
        self.lib.lacunaLastError.restype = c.c_char_p
        self.program, self.device = c.c_void_p(), c.c_void_p()
        self._check(self.lib.lacunaProgramLoadFile(str(path).encode(), c.byref(self.program)))
        self._check(self.lib.lacunaDeviceOpen(device.encode(), c.byref(self.device)))
        if threads:
            self._check(self.lib.lacunaDeviceSetNumThreads(self.device, c.c_int64(threads)))

    def _check(self, status):
        if status:
            raise RuntimeError(self.lib.lacunaLastError().decode())

    def _values(self, arguments):
        values = (Value * len(arguments))()
        for value, argument in zip(values, arguments):
            if isinstance(argument, int):
                value.kind, value.dtype, value.integer = SCALAR, INDEX, argument
            elif isinstance(argument, float):
                value.kind, value.dtype, value.real = SCALAR, DTYPES["f32"], argument
            else:
                value.kind, value.tensor = TENSOR, argument
        return values

    def bind(self, arguments, results, entry=None):
        """A function that runs the entry (None: the only one) on Tensors, ints and floats (f32); optional Counts are filled in, a workspace is (address, bytes).
        Its `workspace_bytes()` says how many are needed."""
        number = c.c_int64()
        self._check(self.lib.lacunaProgramFindEntry(self.program, entry.encode() if entry else None, c.byref(number)))
        values, outputs = self._values(arguments), (Tensor * len(results))(*results)
        keep = (arguments, results)  # the sizes and strides that the C structs point to

        def run(counts=None, workspace=(None, 0)):
            assert keep
            options = Options(c.sizeof(Options), *workspace, None, c.pointer(counts) if counts is not None else None)
            self._check(self.lib.lacunaRun(self.program, self.device, number, values, c.c_int64(len(values)), outputs, c.c_int64(len(outputs)),
                                           c.byref(options)))

        def workspace_bytes():
            needed = c.c_int64()
            self._check(self.lib.lacunaWorkspaceBytes(self.program, self.device, number, values, c.c_int64(len(values)), c.byref(needed)))
            return needed.value

        run.workspace_bytes = workspace_bytes
        return run
