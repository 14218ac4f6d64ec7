# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels on disk: used again, compiled anew when damaged, safe with many writers, off when asked."""

import concurrent.futures
import os
import subprocess
import sys

import lacuna
import pytest
from conftest import ROOT
from lacuna import cache, native

SOURCE = lacuna.program.program_text(lacuna.program.Signature("bhsd", "f32", (1, 1), (8, 8)))


@pytest.fixture
def compilations(tmp_path, monkeypatch):
    """A cache of its own, and how often the compiler was called."""
    monkeypatch.setenv("LACUNA_CACHE_DIR", str(tmp_path / "kernels"))
    calls, compile_source = [], native.compile_source
    monkeypatch.setattr(native, "compile_source", lambda *args, **options: calls.append(1) or compile_source(*args, **options))
    return calls


def test_second_use_compiles_nothing(compilations):
    first = cache.artifact_of(SOURCE, targets="native")
    assert cache.artifact_of(SOURCE, targets="native") == first and len(compilations) == 1
    cache.artifact_of(SOURCE, targets="generic")
    assert len(compilations) == 2
    assert os.stat(cache.folder()).st_mode & 0o077 == 0
    assert lacuna.clear_cache() == 2
    cache.artifact_of(SOURCE, targets="native")
    assert len(compilations) == 3


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:], lambda b: b + b"x"])
def test_damaged_files_are_compiled_anew(compilations, damage):
    first = cache.artifact_of(SOURCE, targets="native")
    (path,) = cache.folder().glob("*.lacuna")
    path.write_bytes(damage(path.read_bytes()))
    assert cache.artifact_of(SOURCE, targets="native") == first and len(compilations) == 2
    assert cache.artifact_of(SOURCE, targets="native") == first and len(compilations) == 2


def test_another_compiler_or_machine_shares_nothing(compilations, monkeypatch):
    cache.artifact_of(SOURCE, targets="native")
    monkeypatch.setattr(cache, "machine", lambda: "flags: none")
    cache.artifact_of(SOURCE, targets="native")
    monkeypatch.setattr(cache, "compiler_identity", lambda: "0.0.0")
    cache.artifact_of(SOURCE, targets="native")
    assert len(compilations) == 3


def test_off(compilations, monkeypatch):
    monkeypatch.setenv("LACUNA_CACHE", "0")
    cache.artifact_of(SOURCE, targets="native")
    cache.artifact_of(SOURCE, targets="native")
    assert len(compilations) == 2 and cache.folder() is None


def test_a_folder_that_cannot_be_written(compilations, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LACUNA_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert cache.artifact_of(SOURCE, targets="native")


def test_many_processes(tmp_path):
    """Eight processes that want the same kernels at once, two of which find damaged files: all get right results, and no stray file stays."""
    program = (
        "import lacuna, numpy as np\n"
        "q = np.ones((1, 1, 4, 8), np.float32)\n"
        "for left in range(2):\n"
        "    o = lacuna.attention(q, q, q * 3, lacuna.sliding_window(lacuna.static(left)))\n"
        "    assert (o == 3).all()\n"
    )
    environment = {**os.environ, "LACUNA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "python"), "LD_PRELOAD": os.environ.get("LD_PRELOAD", "")}

    def run(number):
        if number in (3, 6):
            for path in tmp_path.glob("*.lacuna"):
                path.write_bytes(path.read_bytes()[:100])
        return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(run, range(8)))
    assert [result.returncode for result in results] == [0] * 8, results[0].stderr
    assert len(list(tmp_path.iterdir())) == 2


def test_compile_errors_name_the_diagnostic(compilations):
    with pytest.raises(lacuna.CompileError) as caught:
        cache.artifact_of("func.func @f(", targets="native")
    assert "<lacuna>:1" in str(caught.value) and caught.value.source == "func.func @f("
