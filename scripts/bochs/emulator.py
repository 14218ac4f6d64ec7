# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The Bochs emulator: its source at a pinned commit, what is changed in it, how it is built, and a run. Bochs models AMX, but at this commit neither XFD, without
which Linux does not offer AMX, nor a right XSAVE of tiles: a context switch would lose them."""
import os
import shutil
import subprocess
import threading
import time

ADDRESS, COMMIT = "https://github.com/bochs-emu/Bochs", "783b58fd6d9bae598a07c59719122322fa0edce6"
OPTIONS = ("--with-nogui", "--enable-cpu-level=6", "--enable-x86-64", "--enable-avx", "--enable-evex", "--enable-amx", "--enable-all-optimizations", "--enable-pci",
           "--disable-plugins", "--disable-docbook")

INCLUDE = '#if BX_SUPPORT_AMX\n#include "avx/amx.h"\n#endif\n'
MSR = "Bit64u(BX_XCR0_XTILEDATA_MASK)"


def added(file, after, text):
    return file, after, after + text


# (file, what stands there once, what replaces it). XFD: CPUID, two registers, #NM.
CHANGES = [
    added("avx/amx.h", "  unsigned tile_use_tracker;\n", "  Bit64u xfd = 0, xfd_err = 0;\n"),
    added("cpuid.cc", "      leaf->eax |= (1<<3);\n\n    // EBX[31:00]", "\n    leaf->eax |= is_cpu_extension_supported(BX_ISA_AMX) << 4; //"),
    added("cpuid.cc", "      leaf->ecx = xsave_restore[subfunction].attr;\n", "      leaf->ecx |= (subfunction == xcr0_t::BX_XCR0_XTILEDATA_BIT) << 2;\n"),
    added("msr.cc", '#include "msr.h"\n', INCLUDE),
    ("msr.cc", "  msr_desc[BX_MSR_XSS] =", f'  msr_desc[BX_MSR_IA32_XFD] = new MSR_Descriptor("MSR_IA32_XFD", BX_ISA_AMX, ~{MSR});\n'
     f'  msr_desc[BX_MSR_IA32_XFD_ERROR] = new MSR_Descriptor("MSR_IA32_XFD_ERR", BX_ISA_AMX, ~{MSR});\n  msr_desc[BX_MSR_XSS] ='),
    added("msr.cc", "      val64 = BX_CPU_THIS_PTR msr.ia32_xss;\n      break;\n",
          "    case BX_MSR_IA32_XFD:\n      val64 = BX_CPU_THIS_PTR amx->xfd;\n      break;\n"
          "    case BX_MSR_IA32_XFD_ERROR:\n      val64 = BX_CPU_THIS_PTR amx->xfd_err;\n      break;\n"),
    added("msr.cc", "      BX_CPU_THIS_PTR msr.ia32_xss = val_64;\n      break;\n",
          "    case BX_MSR_IA32_XFD:\n      BX_CPU_THIS_PTR amx->xfd = val_64;\n      handleAvxModeChange();\n      break;\n"
          "    case BX_MSR_IA32_XFD_ERROR:\n      BX_CPU_THIS_PTR amx->xfd_err = val_64;\n      break;\n"),
    added("proc_ctrl.cc", '#include "cpuid.h"\n', INCLUDE),
    ("proc_ctrl.cc", "BX_XCR0_XTILEDATA_MASK)) != 0)\n    clear_amx_ok();", "BX_XCR0_XTILEDATA_MASK)) != 0 || BX_CPU_THIS_PTR amx->xfd)\n    clear_amx_ok();"),
    added("proc_ctrl.cc", "(BX_XCR0_XTILECFG_MASK | BX_XCR0_XTILEDATA_MASK))\n    exception(BX_UD_EXCEPTION, 0);\n",
          "  if ((BX_CPU_THIS_PTR amx->xfd_err = BX_CPU_THIS_PTR amx->xfd) != 0)\n    exception(BX_NM_EXCEPTION, 0);\n"),
    # XSAVE: rows and bytes of a row were exchanged, "in use" was its opposite, and 8 rows of 16 were kept.
    ("xsave.cc", "vmm16u(8+n)    = BX_CPU_THIS_PTR amx->tilecfg[n].rows", "vmm16u(8+n) = BX_CPU_THIS_PTR amx->tilecfg[n].bytes_per_row"),
    ("xsave.cc", "vmmubyte(48+n) = BX_CPU_THIS_PTR amx->tilecfg[n].bytes_per_row", "vmmubyte(48+n) = BX_CPU_THIS_PTR amx->tilecfg[n].rows"),
    ("xsave.cc", "amx->tile_use_tracker == 0)", "amx->tile_use_tracker != 0)"),
    ("xsave.cc", "row < BX_TILE_REGISTERS; row++) {\n      write_virtual", "row < BX_TILE_MAX_ROWS; row++) {\n      write_virtual"),
    ("xsave.cc", "row < BX_TILE_REGISTERS; row++) {\n      read_virtual", "row < BX_TILE_MAX_ROWS; row++) {\n      read_virtual"),
    # VCVTNE2PS2BF16: the second half came from behind the register. VDPBF16PS: short displacements were multiplied by 4 and not by the size of the vector.
    ("avx/avx512_bf16.cc", "convert_ne_fp32_to_bfloat16(op1.vmm32u(n))", "convert_ne_fp32_to_bfloat16(op1.vmm32u(n - DWORD_ELEMENTS(len)))"),
    ("decoder/ia_opcodes_evex.def", "BX_ISA_AVX512_BF16, OP_Vps, OP_Hdq, OP_mVdq32", "BX_ISA_AVX512_BF16, OP_Vps, OP_Hdq, OP_mVdq"),
]

# IA32_MISC_ENABLE with fast strings: Linux 6.1 takes FSRM without ERMS for its memmove, and a short one then runs wild.
REGISTERS = "0x1a0 0 00000000 00000001 00000000 00000000 00000000 00000000\n"

CONFIGURATION = """memory: guest=1024, host=1024
romimage: file={source}/bios/BIOS-bochs-latest, options=fastboot
vgaromimage: file={source}/bios/VGABIOS-lgpl/VGABIOS-lgpl-latest.bin
cpu: model=sapphire_rapids, ips=100000000, reset_on_triple_fault=0, ignore_bad_msrs=1, msrs="{work}/registers"
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={image}, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={work}/serial
clock: sync=none, time0=utc
display_library: nogui
log: {work}/bochs.log
panic: action=fatal
error: action=report
"""


def fetch(work):
    """A folder with the source as it is."""
    folder = work / "bochs-git"
    if not folder.exists():
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        subprocess.run(["git", "-C", folder, "fetch", "--quiet", "--depth", "1", ADDRESS, COMMIT], check=True)
        subprocess.run(["git", "-C", folder, "checkout", "--quiet", "FETCH_HEAD"], check=True)
    return folder / "bochs"


def change(source):
    for file, old, new in CHANGES:
        path = source / "cpu" / file
        text = path.read_text("latin-1")
        if text.count(old) != 1:
            raise SystemExit(f"{path}: expects {old!r} once, but got it {text.count(old)} times: is this commit {COMMIT[:8]}?")
        path.write_text(text.replace(old, new), "latin-1")


def build(original, work, jobs):
    """The changed source and the program, in `work`; done once."""
    source, program = work / "bochs", work / "bochs" / "bochs"
    if program.exists():
        return source, program
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(original, source)
    change(source)
    flags = "-O2 -fomit-frame-pointer -pipe"
    with open(work / "build.log", "w") as log:
        for command in (["./configure", *OPTIONS], ["make", f"-j{jobs}"]):
            subprocess.run(command, cwd=source, check=True, stdout=log, stderr=log, env={**os.environ, "CFLAGS": flags, "CXXFLAGS": flags})
    return source, program


def run(source, program, image, work, seconds):
    """What the guest wrote, line by line and at once. The end: it switched itself off, its kernel panicked, or its time is up."""
    (work / "registers").write_text(REGISTERS)
    (work / "bochsrc").write_text(CONFIGURATION.format(source=source, image=image, work=work))
    (work / "serial").write_text("")
    process = subprocess.Popen([program, "-q", "-f", work / "bochsrc"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        with open(work / "serial", errors="replace") as serial:
            rest, ended = "", False
            while not ended:
                ended = process.poll() is not None
                *lines, rest = (rest + serial.read()).split("\n")  # what is there may end within a line
                yield from lines
                ended = ended or any("Kernel panic" in line for line in lines)
                time.sleep(0 if ended else 0.5)
        yield rest
    finally:
        timer.cancel()
        process.kill()
        process.wait()
