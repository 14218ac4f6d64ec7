# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors between lacuna-bench and Python: safetensors files, read and written with NumPy alone, and an entry's inputs
as NumPy arrays or torch tensors. torch is imported only by those who ask for its tensors."""

import json
import struct
import types

import numpy as np

# bf16 has no NumPy type: it travels as its bits.
STORED = {
    "F64": np.float64,
    "F32": np.float32,
    "F16": np.float16,
    "BF16": np.uint16,
    "I64": np.int64,
    "I32": np.int32,
    "I16": np.int16,
    "I8": np.int8,
    "BOOL": np.bool_,
}
TORCH = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "bool": "BOOL",
}


class BFloat16:
    """An array of bf16, as its bits; what a function without torch returns for a bf16 program."""

    def __init__(self, bits):
        self.bits = np.ascontiguousarray(bits, np.uint16)

    @classmethod
    def rounded(cls, array):
        """From numbers, ties to even. NaN stays NaN."""
        array = np.asarray(array, np.float32)
        bits = np.ascontiguousarray(array).view(np.uint32)
        nearest = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
        return cls(np.where(np.isnan(array), np.uint16(0x7FC0), nearest))

    def numbers(self):
        return (self.bits.astype(np.uint32) << 16).view(np.float32)


def read(path):
    """{name: (stored type, array)} of a file of ours."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    found = {}
    for name, slot in header.items():
        begin, end = slot["data_offsets"]
        array = np.frombuffer(data[begin:end], STORED[slot["dtype"]]).reshape(slot["shape"])
        found[name] = slot["dtype"], array
    return found


def stored(tensor):
    """(stored type, array) of a NumPy array, a BFloat16 or a torch tensor."""
    if isinstance(tensor, BFloat16):
        return "BF16", tensor.bits
    if type(tensor).__module__.partition(".")[0] == "torch":
        import torch

        name = TORCH.get(str(tensor.dtype).removeprefix("torch."))
        if name is None:
            raise TypeError(f"expects an output of a type that Lacuna has, but got {tensor.dtype}")
        plain = tensor.detach().cpu().contiguous()
        return name, (plain.view(torch.uint16) if name == "BF16" else plain).numpy()
    array = np.asarray(tensor)
    for name, kind in STORED.items():
        if array.dtype == kind and name != "BF16":
            return name, np.ascontiguousarray(array)
    raise TypeError(f"expects an output of a type that Lacuna has, but got {array.dtype}")


def write(path, outputs):
    """Outputs by number."""
    header, data = {}, b""
    for number, (kind, array) in enumerate(outputs):
        header[str(number)] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Inputs:
    """What a side gets: the arguments of the entry's program, bit for bit those of ours, and the entry's settings."""

    def __init__(self, path, scalars, layout="bhsd", device="cpu", threads=None, formula=None):
        self.path, self.stored, self.scalars = path, read(path), scalars
        self.layout, self.device, self.threads, self.formula = layout, device, threads, formula

    def __getitem__(self, name):
        """A NumPy array (bf16 widened to float32, exactly) or a number."""
        if name in self.scalars:
            return self.scalars[name]
        if name not in self.stored:
            raise KeyError(f"there is no argument '{name}'; there are {', '.join([*self.stored, *self.scalars])}")
        kind, array = self.stored[name]
        return BFloat16(array).numbers() if kind == "BF16" else array

    def torch(self, name):
        import torch

        value = self[name]
        if name in self.scalars:
            return value
        kind, array = self.stored[name]
        tensor = torch.from_numpy(np.array(array))
        if kind == "BF16":
            tensor = tensor.view(torch.bfloat16)
        return tensor.to(self.torch_device())

    def parameters(self, torch_tensors=False):
        """What a formula gets: lengths and all arguments but q, k and v."""
        _, _, queries, keys = self.lengths()
        tables = {name: self.torch(name) if torch_tensors else self[name] for name in self.stored if name not in "qkv"}
        return types.SimpleNamespace(Sq=queries, Sk=keys, **self.scalars, **tables)

    def torch_device(self):
        """AMD's devices are called cuda by torch, too."""
        if self.device.startswith("hip"):
            return self.device.replace("hip", "cuda")
        return "cpu" if self.device.startswith("emulate") else self.device

    def lengths(self):
        """(batch, query heads, queries, keys) by the layout."""
        q, k = self.stored["q"][1].shape, self.stored["k"][1].shape
        if self.layout == "shd":
            return 1, q[1], q[0], k[0]
        if self.layout == "bshd":
            return q[0], q[2], q[1], k[1]
        return q[0], q[1], q[2], k[2]
