# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a lacuna-bench result as docs/design/bench_json.md has it, from a model of times: no machine measures here.

write_bench.py            one of usual size: 20 entries, five baselines, a failure of every class
write_bench.py --hostile  names, texts and numbers that try to break the report
write_bench.py --huge     thousands of entries with long names
--picture FILE            an SVG that the first entries carry
"""

import argparse
import json
import math

LEVELS = range(-10, 6)
BASELINES = ["dense", "reference", "sdpa", "flex", "torch_compile"]
SECONDS_PER_PAIR = {"dense": 1.1e-9, "reference": 3e-7, "sdpa": 0.9e-9, "flex": 1.2e-9, "torch_compile": 2.6e-9}
OVERHEAD = {"ours": 600e-6, "dense": 40e-6, "reference": 1e-5, "sdpa": 12e-6, "flex": 400e-6, "torch_compile": 90e-6}


def levels(first):
    return {str(t): t >= first for t in LEVELS}


def seconds(median, fluctuating=False):
    iqr = median * (0.3 if fluctuating else 0.02)
    return {"median": median, "iqr": iqr, "mean": median * 1.01, "std": iqr, "min": median * 0.98, "max": median * 1.2,
            "all": [median, median * 0.98, median * 1.2]}


def side(kind, median, **more):
    return {"kind": kind, "status": "ok", "seconds": seconds(median), "device_seconds": None, "fluctuating": False,
            "compile_seconds": 0.4, "preparation_seconds": None, "tiles": None, **more}


def cache_of(length):  # long ones leave the caches
    return 1 + 0.15 * math.log2(max(1, length / 1024))


def time_of(name, length, density):
    pairs = 8 * length * length
    share = density if name == "flex" else 1
    return OVERHEAD[name] + SECONDS_PER_PAIR[name] * pairs * share * cache_of(length)


def entry(name, length, density, over=1.2, first=-6, approximate=False, failures={}, quality={}, **more):
    total = max(1, (length // 64) ** 2)
    visited = max(1, min(total, round(total * density * over)))
    partial = max(1, visited // 4)
    ours = OVERHEAD["ours"] + 1.25e-9 * 8 * length * length * visited / total * cache_of(length)
    result = {"name": name, "status": "ok", "source": "a model, not a measurement", "device": "cpu", "dtype": "f32",
              "shapes": {key: f"1x8x{length}x64xf32" for key in "qkv"}, "target": "x86-64-v4", "sides": {}, "comparisons": [],
              "quality": {"density": density, "over_attention": visited / total / density, "softmax_mass_kept": None,
                          "dense_max_abs_error": None, "dense_max_row_relative_error": None, "dense_relative_l2": None, **quality}}
    tiles = {"total": total, "full": visited - partial, "partial": partial, "empty": total - visited}
    result["sides"]["ours"] = side("lacuna", ours, tiles=tiles, passed=first <= 1 if length <= 4096 else None)
    if length == 1024:
        result["sides"]["ours"].update(seconds=seconds(ours, fluctuating=True), fluctuating=True)
    for baseline in BASELINES:
        if baseline == "reference" and length > 4096:
            continue
        comparison = {"baseline": baseline, "status": failures.get(baseline, failures.get("all", "ok")),
                      "judged_against": "dense" if approximate and baseline == "dense" else "reference"}
        median = time_of(baseline, length, density)
        result["sides"][baseline] = side("torch", median)
        if comparison["status"] == "ok":
            output = {"name": "result0", "dtype": "float32", "equal": False, "all_close": levels(first if baseline != "dense" or not approximate else 6)}
            comparison.update(speedup={"e2e": median / ours, "device": None, "with_preparation": None}, outputs=[output])
        else:
            comparison["error"] = {"compile_fail": "expects a head size of at most 256, but got 320",
                                   "runtime_fail": "timeout: 120 seconds passed in a run",
                                   "shape_mismatch": "result0: expects float32[8, 2048, 64] as reference, but got float32[8, 2040, 64]",
                                   "type_mismatch": "result0: expects float32 as reference, but got float16",
                                   "eager_fail": f"{baseline}: no kernel for this mask"}[comparison["status"]]
            if comparison["status"] == "eager_fail":
                result["sides"][baseline].update(status="runtime_fail", error=comparison["error"], seconds=None)
        result["comparisons"].append(comparison)
    result.update(more)
    return result


def document(entries, **more):
    return {"schema_version": 1, "kind": "lacuna-bench", "suite": "model", "suite_file": "model.json",
            "command": ["lacuna-bench", "benchmarks/suites/model.json", "--only", "causal *", "-o", "results"],
            "lacuna_version": "0.1.0", "tool_hash": "0123abcd", "started": "2026-01-02T03:04:05Z", "finished": "2026-01-02T03:14:05Z",
            "machine": {"cpu": "a CPU that does not exist", "flags": ["avx2", "avx512f", "amx_bf16"], "cores": 16, "threads": 16,
                        "load": 0.25, "memory_bytes": 67645734912, "kernel": "Linux 6.1.0", "compiler": "clang 22.1.8", "llvm": "22.1.8",
                        "commit": "0123456789abcdef"},
            "options": {"trials": 5, "warmup": 3, "device": "cpu", "published": False, "only": None, "fluctuation": "flag"},
            "failed": [], "entries": entries, **more}


def usual(picture):
    lengths = [512, 1024, 2048, 4096, 8192, 16384]
    entries = [entry(f"causal {n if n < 1024 else f'{n // 1024}k'}", n, (n + 1) / (2 * n), over=1 + 64 / n) for n in lengths]
    entries += [entry(f"sliding window {n}", n, min(1, 256 / n), over=1.25) for n in lengths]
    kept = lambda mass, error: {"softmax_mass_kept": mass, "dense_max_abs_error": error, "dense_max_row_relative_error": error * 1.7,
                                "dense_relative_l2": error / 3}
    entries += [
        entry("MInference, A-shape", 4096, 0.08, over=1.3, approximate=True, quality=kept(0.962, 0.031)),
        entry("MInference, vertical-slash", 4096, 0.045, over=2.2, approximate=True, quality=kept(0.988, 0.012)),
        entry("blocks of 64, 12 % listed", 2048, 0.12, over=1.0, approximate=True, quality=kept(0.71, 0.24)),
        entry("neighborhood 2-D, stride 4", 4096, 0.02, over=1.9),
        entry("document packing, 17 documents of ragged lengths", 8192, 0.06, over=1.15, first=-4),
        entry("full", 2048, 1.0, over=1.0),
        entry("wrong by a factor", 2048, 0.3, first=3),
        entry("head size 320", 2048, 0.5, failures={"all": "compile_fail"}),
        entry("too slow", 2048, 0.4, failures={"all": "runtime_fail"}),
        entry("ragged end", 2048, 0.25, failures={"all": "shape_mismatch"}),
        entry("half precision", 2048, 0.25, failures={"all": "type_mismatch"}),
        entry("Swin, shifted window", 3136, 0.03, over=1.6, failures={"flex": "eager_fail", "sdpa": "eager_fail"}),
    ]
    for one in entries[:3] if picture else []:
        one["picture"] = picture
    return document(entries)


EVIL = ['<script>alert(1)</script>', '"\' onload=alert(1) x="', "&lt;b&gt; & <b>", "]]> --> <!-- <?xml", "\x00\x07\x1b[31m\x7f\x85", "\u202egnorw \u2028",
        "javascript:alert(1)", "https://example.invalid/a.png", "x" * 4000, "\u6f22\u5b57" * 30, "", "</style><style>@import 'a'", "\U0001f600 \ufffe"]
PICTURES = ["<svg><script>alert(1)</script></svg>", "<svg onload='alert(1)'><g/></svg>", "<svg><image href='https://example.invalid/a.png'/></svg>",
            "<svg><rect x='nan' y='1e999' width='5' fill='url(https://example.invalid)' style='background:url(x)'/><text>&evil;</text></svg>",
            "<svg><foreignObject><body/></foreignObject></svg>", "<svg><g>", "plain", "<svg><g></svg></g>", "<svg>" + "<g>" * 1000,
            "<svg><style>@import 'x'; * { color: red }</style><rect class='evil' x='1' x='2'/></svg>",
            "<svg class='a' viewBox='0 0 10 10'><rect style='fill:red' id='summary' width='5' height='5' x='inf' class='full'/><text>&lt;script&gt;</text></svg>"]


def hostile():
    entries = []
    for i, name in enumerate(EVIL):
        one = entry(name, 512 << (i % 5), 0.2, picture=PICTURES[i % len(PICTURES)])
        one["sides"][name or "x"] = side(name, 1e-3)
        one["comparisons"].append({**one["comparisons"][0], "baseline": name or "x", "error": name})
        entries.append(one)
    values = [float("1e308"), 1e-308, -1.0, 0, None, "NaN", [], {}, True]
    for i, value in enumerate(values):
        one = entry(f"number {512 << (i % 6)}", 512 << (i % 6), 0.2)
        one["quality"] = {key: value for key in one["quality"]}
        one["sides"]["ours"]["tiles"] = {"total": value, "full": value, "partial": value}
        one["sides"]["dense"]["seconds"] = {"median": value}
        one["comparisons"][0]["speedup"]["e2e"] = value
        one.update(length=value, family=EVIL[0])
        entries.append(one)
    return document(entries, command=["lacuna-bench"] + EVIL, machine={name: name for name in EVIL}, options=EVIL, suite=EVIL[0])


def huge():
    return document([entry(f"entry {i} " + "with a long name " * 20, 512 << (i % 6), 0.01 + 0.99 * (i % 97) / 97) for i in range(3000)])


parser = argparse.ArgumentParser()
parser.add_argument("--hostile", action="store_true")
parser.add_argument("--huge", action="store_true")
parser.add_argument("--picture")
arguments = parser.parse_args()
picture = open(arguments.picture).read() if arguments.picture else None
print(json.dumps(hostile() if arguments.hostile else huge() if arguments.huge else usual(picture)))
