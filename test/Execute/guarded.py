# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Memory between inaccessible pages: a read or write outside of an array ends the process instead of finding whatever lies there."""
import ctypes
import mmap


class GuardedMemory:
    """One region between two inaccessible pages; holds one array at a time, at its start or its end."""

    def __init__(self, pages):
        self.region = mmap.mmap(-1, (pages + 2) * mmap.PAGESIZE)
        self.start = ctypes.addressof(ctypes.c_char.from_buffer(self.region)) + mmap.PAGESIZE
        self.size = pages * mmap.PAGESIZE
        libc = ctypes.CDLL(None, use_errno=True)
        for page in (self.start - mmap.PAGESIZE, self.start + self.size):
            if libc.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(mmap.PAGESIZE), 0):
                raise OSError(ctypes.get_errno(), "mprotect")

    def place(self, array, at_end):
        if array.nbytes > self.size:
            raise ValueError(f"expects at most {self.size} bytes, but got {array.nbytes}")
        address = self.start + (self.size - array.nbytes if at_end else 0)
        if array.nbytes:
            ctypes.memmove(address, array.ctypes.data, array.nbytes)
        return address


def guarded(array, at_end):
    """(address of a copy that is flush with an inaccessible page, before it or behind it; object that keeps the copy alive)."""
    memory = GuardedMemory(max(1, -(-array.nbytes // mmap.PAGESIZE)))
    return memory.place(array, at_end), memory
