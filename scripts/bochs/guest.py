# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What runs inside the emulator, as its first process: the cases of test/Execute/amx.py, with one thread and some with two. A child runs them, so that a signal is reported
and not a panic of the kernel.

usage: guest.py prints all files that it needs; run.py packs them, and a first process that calls main().
"""
import ctypes
import os
import pathlib
import signal
import sys
import termios
import traceback  # noqa: F401  (so that --files lists what a report of an exception needs)

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "test" / "Execute"))
import amx  # noqa: E402
import cases  # noqa: E402


def files():
    """Everything this process has loaded, after having done what a case does: modules, libraries with the names they are loaded by, and the loader."""
    case = amx.all_cases()["table"][0]
    cases.attention(case, cases.inputs(case))
    amx.lacuna_runtime.runtime()
    found = {str(path) for path in (ROOT / "masks").glob("*.mlir")}
    modules = [vars(module) for module in list(sys.modules.values()) if hasattr(module, "__dict__")]
    found |= {module[key] for module in modules for key in ("__file__", "__cached__") if module.get(key)}
    libraries = {pathlib.Path(line.split()[-1]) for line in open("/proc/self/maps") if line.split()[-1].startswith("/")}
    for library in libraries:
        found.add(str(library))
        found |= {str(link) for link in library.parent.glob("lib*.so*") if link.is_symlink() and link.resolve() == library}
    return {path for path in {*found, "/lib", "/lib64", "/lib64/ld-linux-x86-64.so.2", "/etc/ld.so.cache"} if os.path.exists(path)}


def run(folder, threads, only):
    """Status of a child that runs the cases."""
    child = os.fork()
    if not child:
        status = 1
        try:
            number, failures = amx.run_all(folder, threads, only)
            status = 0 if number and not failures else 1
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        print(f"killed by {signal.Signals(-status).name}")
    return status


def power_off():
    """Ends the emulator, after the serial port has sent everything."""
    sys.stdout.flush()
    termios.tcdrain(1)
    ctypes.CDLL(None).reboot(0x4321FEDC)  # RB_POWER_OFF


def main(folder, only=""):
    if ctypes.CDLL(None).mount(b"proc", b"/proc", b"proc", 0, None):
        print("cannot mount /proc")
    statuses = []
    for threads, chosen in ((1, only), (2, only or "causal")):
        print(f"threads: {threads}", flush=True)
        statuses.append(run(pathlib.Path(folder), threads, chosen))
    print("guest: " + ("FAILED" if any(statuses) else "passed"))
    power_off()


if __name__ == "__main__":
    print(*sorted(files()), sep="\n")
