# Configuration of the lit suite. Features:
#   ptxas    NVIDIA's assembler was found (LACUNA_PTXAS, CUDA_HOME, PATH)
#   numpy    a Python with NumPy was found; only tests use it
#   mlir-translate   MLIR's tools lie beside lit (mlir-22-tools)
#   chromium         Chromium or Chrome was found (LACUNA_CHROMIUM, PATH); shows HTML reports
#   cmake    CMake was found; the test of the installed package uses it
#   wheel    liblacuna.so was built self-contained, and scripts/wheel.sh --tools has installed what packs it
#   avx512, amx   the CPU that runs the tests has them
#   test-python      a Python with PyTorch, NumPy and pytest (LACUNA_TEST_PYTHON, or the one that scripts/python_env.sh makes)
#   TOOL (lacuna-run, …)  the tool was built
import os
import shutil
import subprocess

import lit.formats

config.name = "Lacuna"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "unit"]
config.test_source_root = os.path.dirname(__file__)

path = [config.lacuna_tools, config.llvm_tools, config.environment["PATH"]]
config.environment["PATH"] = os.pathsep.join(path)
config.environment["LACUNA_BUILD"] = os.path.dirname(config.lacuna_tools)
for name in ("LACUNA_PTXAS", "CUDA_HOME", "HOME", "LACUNA_NUM_THREADS", "LACUNA_FULL", "LACUNA_TEST_RESULTS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# %python_runtime loads our libraries into Python: sanitized ones need the sanitizer's runtime there first.
preload = ""
if config.sanitize:
    name = "libclang_rt.asan-" + os.uname().machine + ".so"
    found = subprocess.run([config.cc, "-print-file-name=" + name], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    preload = f"env LD_PRELOAD={found} ASAN_OPTIONS=detect_leaks=0 "
    config.available_features.add("sanitize")
config.substitutions.append(("%cxx", config.cxx))
config.substitutions.append(("%python_runtime", preload + (config.python or "python3")))
config.substitutions.append(("%python", config.python or "python3"))
config.substitutions.append(("%test_root", config.test_source_root))
config.substitutions.append(("%source_root", config.lacuna_source))
config.substitutions.append(("%cc", config.cc))
config.substitutions.append(("%build", os.path.dirname(config.lacuna_tools)))

test_python = os.environ.get("LACUNA_TEST_PYTHON") or os.path.join(os.path.dirname(config.lacuna_tools), "python-env", "bin", "python")
if os.access(test_python, os.X_OK):
    config.available_features.add("test-python")
    config.substitutions.append(("%test_python", test_python))
config.substitutions.append(("%{results}", os.environ.get("LACUNA_TEST_RESULTS", os.path.join(os.path.dirname(config.lacuna_tools), "test-results"))))


wheel_python = os.path.join(config.lacuna_source, "build-deps", "wheel-tools", "bin", "python")
config.substitutions.append(("%wheel_python", wheel_python))


def can_pack_wheel():
    library = os.path.join(os.path.dirname(config.lacuna_tools), "lib", "liblacuna.so")
    return config.tbb_source and os.path.exists(library) and os.path.exists(wheel_python)


def find_ptxas():
    cuda = os.environ.get("CUDA_HOME")
    return (
        os.environ.get("LACUNA_PTXAS")
        or shutil.which("ptxas")
        or (cuda and shutil.which("ptxas", path=os.path.join(cuda, "bin")))
    )


def find_chromium():
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome-headless-shell")
    return os.environ.get("LACUNA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def has_numpy():
    return (
        bool(config.python) and subprocess.call([config.python, "-c", "import numpy"], stderr=subprocess.DEVNULL) == 0
    )


def cpu_flags():
    try:
        with open("/proc/cpuinfo") as info:
            return set(next((line for line in info if line.startswith("flags")), "").split())
    except OSError:
        return set()


flags = cpu_flags()
features = {
    "ptxas": find_ptxas(),
    "numpy": has_numpy(),
    "mlir-translate": shutil.which("mlir-translate", path=config.llvm_tools),
    "avx512": "avx512f" in flags,
    "amx": "amx_bf16" in flags,
    "cmake": shutil.which("cmake"),
    "wheel": can_pack_wheel(),
    "chromium": config.python and find_chromium(),
}
config.available_features.update(name for name, found in features.items() if found)
config.available_features.update(name for name in os.listdir(config.lacuna_tools) if name.startswith("lacuna-"))
config.substitutions.append(("%{chromium}", find_chromium() or "chromium"))
