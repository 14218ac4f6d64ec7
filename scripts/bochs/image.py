# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A bootable CD: a kernel, and files of this machine under their own paths as its initial file system. Needs no root and no disk driver in the guest."""
import os
import pathlib
import shutil
import stat
import subprocess

# The console on the serial port; quiet, and nothing that only protects or takes time.
KERNEL_OPTIONS = "console=ttyS0 loglevel=1 nosmp nokaslr mitigations=off tsc=reliable audit=0 apparmor=0 panic=0 rdinit=/init"


class Archive:
    """A cpio archive ("newc"), as Linux unpacks it."""

    def __init__(self):
        self.data, self.names = bytearray(), set()

    def entry(self, name, mode, data=b"", device=(0, 0), mtime=0):
        if name in self.names:
            return
        self.names.add(name)
        encoded = name.encode() + b"\0"
        fields = (len(self.names), mode, 0, 0, 1, int(mtime), len(data), 0, 0, *device, len(encoded), 0)
        for part in (b"070701" + b"".join(b"%08x" % field for field in fields) + encoded, data):
            self.data += part
            self.data += bytes(-len(self.data) % 4)

    def host(self, path):
        """A file of this machine, with all folders and links on its way. Python compares the times of its compiled modules."""
        way = pathlib.PurePath("/")
        for name in pathlib.PurePath(path).parts[1:]:
            way = way / name
            status = os.lstat(way)
            if stat.S_ISLNK(status.st_mode):
                target = os.readlink(way)
                self.entry(str(way)[1:], status.st_mode, target.encode())
                return self.host(os.path.normpath(way.parent / target / os.path.relpath(path, way)))
            data = pathlib.Path(way).read_bytes() if stat.S_ISREG(status.st_mode) else b""
            self.entry(str(way)[1:], status.st_mode, data, mtime=status.st_mtime)

    def bytes(self):
        self.entry("TRAILER!!!", 0)
        return bytes(self.data)


def initial_files(files, init):
    archive = Archive()
    for folder in ("dev", "proc"):
        archive.entry(folder, stat.S_IFDIR | 0o755)
    for name, device in (("console", (5, 1)), ("null", (1, 3))):
        archive.entry(f"dev/{name}", stat.S_IFCHR | 0o600, device=device)
    archive.entry("init", stat.S_IFREG | 0o755, init.encode())
    for path in files:
        archive.host(path)
    return archive.bytes()


def write(path, kernel, initial, tools):
    """`tools`: a folder with xorriso and isolinux unpacked."""
    tree = path.with_suffix(".tree")
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "isolinux").mkdir(parents=True)
    shutil.copy(kernel, tree / "vmlinuz")
    (tree / "initrd").write_bytes(initial)
    for file in ("ISOLINUX/isolinux.bin", "syslinux/modules/bios/ldlinux.c32"):
        shutil.copy(tools / "usr/lib" / file, tree / "isolinux")
    (tree / "isolinux/isolinux.cfg").write_text(f"default linux\nlabel linux\nkernel /vmlinuz\ninitrd /initrd\nappend {KERNEL_OPTIONS}\n")
    command = [tools / "usr/bin/xorriso", "-as", "mkisofs", "-quiet", "-o", path, "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat", "-no-emul-boot",
               "-boot-load-size", "4", "-boot-info-table", tree]
    subprocess.run(command, check=True, env={**os.environ, "LD_LIBRARY_PATH": str(tools / "usr/lib/x86_64-linux-gnu")})
