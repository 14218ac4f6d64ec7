# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Just enough of include/lacuna/Runtime.h through ctypes to time entries on NumPy or PyTorch CPU memory. Not the Python package."""
import ctypes as c
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
DTYPES = {"float32": 2, "float16": 3, "bfloat16": 4, "int64": 5, "int32": 6}


class Tensor(c.Structure):
    _fields_ = [("data", c.c_void_p), ("dtype", c.c_int32), ("rank", c.c_int32), ("sizes", c.POINTER(c.c_int64)), ("strides", c.POINTER(c.c_int64))]


class Value(c.Structure):
    _fields_ = [("kind", c.c_int32), ("dtype", c.c_int32), ("tensor", Tensor), ("integer", c.c_int64), ("real", c.c_double)]


class Counts(c.Structure):
    _fields_ = [(name, c.c_int64) for name in ("full", "partial", "total", "launches", "counted_launches")]


class Options(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("workspace", c.c_void_p), ("workspace_bytes", c.c_int64), ("stream", c.c_void_p), ("counts", c.POINTER(Counts))]


def describe(tensor):
    """A lacunaTensor for a torch tensor; the second value keeps its arrays alive."""
    sizes = (c.c_int64 * tensor.dim())(*tensor.shape)
    strides = (c.c_int64 * tensor.dim())(*tensor.stride())
    dtype = DTYPES[str(tensor.dtype).removeprefix("torch.")]
    return Tensor(tensor.data_ptr(), dtype, tensor.dim(), sizes, strides), (sizes, strides)


class Program:
    """One entry of an artifact, bound to its arguments (torch tensors and ints) and result tensors."""

    def __init__(self, path, threads):
        self.lib = c.CDLL(str(BUILD / "lib" / "liblacuna-runtime.so"))
        self.lib.lacunaLastError.restype = c.c_char_p
        self.program, self.device = c.c_void_p(), c.c_void_p()
        self.check(self.lib.lacunaProgramLoadFile(str(path).encode(), c.byref(self.program)))
        self.check(self.lib.lacunaDeviceOpen(b"cpu", c.byref(self.device)))
        self.check(self.lib.lacunaDeviceSetNumThreads(self.device, c.c_int64(threads)))

    def check(self, status):
        if status:
            raise RuntimeError(self.lib.lacunaLastError().decode())

    def bind(self, arguments, results):
        self.keep = [arguments, results]
        self.arguments = (Value * len(arguments))()
        for value, argument in zip(self.arguments, arguments):
            if isinstance(argument, int):
                value.kind, value.dtype, value.integer = 2, 10, argument
                continue
            value.kind = 1
            value.tensor, alive = describe(argument)
            self.keep.append(alive)
        self.results = (Tensor * len(results))()
        for i, result in enumerate(results):
            self.results[i], alive = describe(result)
            self.keep.append(alive)
        return self

    def run(self, counts=None):
        options = Options(c.sizeof(Options), None, 0, None, c.pointer(counts) if counts is not None else None)
        self.check(self.lib.lacunaRun(self.program, self.device, c.c_int64(0), self.arguments, c.c_int64(len(self.arguments)), self.results,
                                      c.c_int64(len(self.results)), c.byref(options)))
