# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays of NumPy and PyTorch as the runtime sees them: address, type, sizes and strides. Neither framework is imported unless its arrays are used."""

import functools
import sys
from typing import NamedTuple

from .errors import ArgumentError, UnsupportedError

NUMPY_DTYPES = {
    "float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "int64": "i64", "int32": "i32", "int16": "i16", "int8": "i8", "uint8": "i8", "bool": "i1",
}  # fmt: skip


INTEGERS = ("i64", "i32", "i16", "i8", "i1")
CONVERTIBLE = {"i32": INTEGERS, "f32": (*INTEGERS, "f64", "f32", "f16", "bf16")}  # what tables of a type are made from


def is_torch(x):
    """True for a torch.Tensor (without importing torch, and in a way that torch.compile can follow)."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def is_numpy(x):
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(x, numpy.ndarray)


class View(NamedTuple):
    """What a kernel needs to know of an array; strides count elements."""

    pointer: int
    dtype: str
    sizes: tuple
    strides: tuple


@functools.lru_cache(maxsize=None)
def name_of(dtype):
    name = str(dtype).rsplit(".", 1)[-1]
    return NUMPY_DTYPES.get(name, name)


def dtype_name(x):
    return name_of(x.dtype)


def view(x, name):
    """The View of an array on the CPU whose last stride is 1."""
    if is_torch(x):
        if x.device.type != "cpu":
            raise UnsupportedError(f"{name}: expects a tensor on the CPU, but got one on {x.device}: no {x.device.type.upper()} code in this build")
        if x.layout is not sys.modules["torch"].strided:
            raise ArgumentError(f"{name}: expects a dense tensor, but got layout {x.layout}")
        x = x.detach()
        seen = View(x.data_ptr(), dtype_name(x), tuple(x.shape), tuple(x.stride()))
    elif is_numpy(x):
        size = x.itemsize
        if any(stride % size for stride in x.strides):
            raise ArgumentError(f"{name}: expects strides that are whole elements of {size} bytes, but got {x.strides} bytes")
        strides = tuple(stride // size for stride in x.strides) if x.size else (1,) * x.ndim  # NumPy gives empty arrays strides of 0
        seen = View(x.__array_interface__["data"][0], dtype_name(x), x.shape, strides)
    else:
        raise ArgumentError(f"{name}: expects a NumPy array or a PyTorch tensor, but got {type(x).__name__}")
    size = x.element_size() if is_torch(x) else x.itemsize
    if seen.sizes and seen.sizes[-1] > 1 and seen.strides[-1] != 1:
        raise ArgumentError(f"{name}: expects stride 1 in its last dimension, but got {seen.strides[-1]} (sizes {list(seen.sizes)}, strides {list(seen.strides)})")
    if seen.pointer % size:
        raise ArgumentError(f"{name}: expects an address aligned to its elements of {size} bytes, but got {seen.pointer:#x}")
    return seen


def empty_like(x, sizes, dtype=None):
    """A new contiguous array of x's framework; `dtype` is "f32" or None for x's own."""
    if is_torch(x):
        torch = sys.modules["torch"]
        return torch.empty(sizes, dtype=torch.float32 if dtype == "f32" else x.dtype)
    numpy = sys.modules["numpy"]
    return numpy.empty(sizes, dtype=numpy.float32 if dtype == "f32" else x.dtype)


def table(x, name, rank, dtypes=("i32",)):
    """An integer table as an array that kernels read in place: x itself if it has one of the types, else a converted copy."""
    if not is_torch(x) and not is_numpy(x):
        try:
            import numpy
        except ImportError as error:
            raise ArgumentError(f"{name}: expects a NumPy array or a PyTorch tensor, but got {type(x).__name__} (lists need NumPy)") from error
        x = numpy.asarray(x)
        if not x.size:
            x = x.astype(numpy.int32)
    if len(x.shape) != rank:
        raise ArgumentError(f"{name}: expects {rank} dimension{'s' * (rank != 1)}, but got sizes {list(x.shape)}")
    dtype = dtype_name(x)
    if dtype not in dtypes:
        if dtype not in CONVERTIBLE.get(dtypes[0], ()):
            raise ArgumentError(f"{name}: expects elements of type {' or '.join(dtypes)}, but got {dtype}")
        x = convert(x, name, dtypes[0])
    view(x, name)
    return x


def convert(x, name, dtype):
    """A copy in i32 or f32; integers that do not fit are an error."""
    module = sys.modules["torch" if is_torch(x) else "numpy"]
    to = module.float32 if dtype == "f32" else module.int32
    copied = x.to(to) if is_torch(x) else x.astype(to)
    if dtype == "i32" and not (copied == x).all():
        raise ArgumentError(f"{name}: expects numbers that fit into 32 bits, but got one that does not")
    return copied


def as_torch(x):
    """The same memory as a torch.Tensor."""
    return x if is_torch(x) else sys.modules["torch"].from_numpy(x)
