# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every key of docs/design/bench_json.md is in a result, with the right type and sense. An assertion says what is not."""

import json
import re
import sys

with open(sys.argv[1]) as file:
    result = json.load(file)


def check(place, value, keys):
    """keys: {name: type or tuple of types}; nothing may be missing."""
    for key, kind in keys.items():
        assert key in value, f"{place} has no {key}"
        assert isinstance(value[key], kind), f"{place}.{key} is {value[key]!r}"


NONE = type(None)
NUMBER = (int, float)
check("result", result, dict(suite=str, suite_file=str, command=list, lacuna_version=str, tool_hash=str, started=str, finished=str, machine=dict,
                             options=dict, failed=list, entries=list))  # fmt: skip
assert result["schema_version"] == 1 and result["kind"] == "lacuna-bench"
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["finished"])
check("machine", result["machine"], dict(cpu=str, flags=list, cores=int, threads=int, load=NUMBER, memory_bytes=int, kernel=str, compiler=str, llvm=str,
                                         commit=(str, NONE)))  # fmt: skip
check("options", result["options"], dict(trials=(int, NONE), warmup=(int, NONE), device=str, published=bool, only=str, fluctuation=str))
for entry in result["entries"]:
    name = entry["name"]
    check(name, entry, dict(status=str, key=str, source=str, device=str, dtype=str, shapes=dict, arguments=list, schedule=str, target=str, fluctuating=bool,
                            sides=dict, quality=dict, comparisons=list))  # fmt: skip
    assert list(entry["sides"])[0] == "ours"
    for side_name, side in entry["sides"].items():
        place, ours = f"{name}: {side_name}", side_name == "ours"
        check(place, side, dict(kind=str, status=str, seconds=dict, fluctuating=bool, peak_memory_bytes=int))
        for key in ("device_seconds", "preparation_seconds", "compile_seconds", "selection_seconds", "index_seconds", "run_memory_bytes", "tiles",
                    "seconds_per_tile", "max_abs_error", "max_row_relative_error", "tolerance", "passed"):  # fmt: skip
            assert key in side, f"{place} has no {key}"
        check(place, side["seconds"], dict(median=NUMBER, iqr=NUMBER, mean=NUMBER, std=NUMBER, min=NUMBER, max=NUMBER, all=list))
        times = side["seconds"]
        assert times["min"] <= times["median"] <= times["max"] and 0 < times["min"]
        assert side["peak_memory_bytes"] > 1 << 20
        if ours:
            check(place, side["tiles"], dict(total=int, full=int, partial=int, empty=int))
            assert side["tiles"]["total"] == sum(side["tiles"][kind] for kind in ("full", "partial", "empty"))
            assert side["passed"] is True and 0 < side["max_row_relative_error"] <= side["tolerance"]
            assert side["compile_seconds"] > 0
        if side["kind"] == "python":
            check(place, side["versions"], dict(python=str, numpy=str))
            assert side["preparation_seconds"] > 0
    quality = entry["quality"]
    check(name, quality, dict(density=float, over_attention=float, softmax_mass_kept=float, dense_max_abs_error=float,
                              dense_max_row_relative_error=float, dense_relative_l2=float))  # fmt: skip
    assert 0 < quality["density"] < 1 <= quality["over_attention"] and 0 < quality["softmax_mass_kept"] < 1
    medians = {side: entry["sides"][side]["seconds"]["median"] for side in entry["sides"]}
    for c in entry["comparisons"]:
        check(name, c, dict(baseline=str, status=str, speedup=dict, judged_against=str, outputs=list))
        expected = medians[c["baseline"]] / medians["ours"]
        assert abs(c["speedup"]["e2e"] / expected - 1) < 1e-12
        assert c["speedup"]["with_preparation"] >= c["speedup"]["e2e"]
        for output in c["outputs"]:
            check(name, output, dict(name=str, dtype=str, equal=bool, all_close=dict, passes_from=dict, max_abs_error=NUMBER))
            assert list(output["all_close"]) == [str(t) for t in range(-10, 6)]
            assert list(output["passes_from"]) == ["float16", "bfloat16", "float32", "float64"]
            own = output["passes_from"][output["dtype"]]
            assert output["all_close"] == {str(t): own is not None and t >= own for t in range(-10, 6)}
exact, approximate = (result["entries"][n]["comparisons"][0] for n in (0, 1))
assert exact["judged_against"] == "reference" and approximate["judged_against"] == "dense"
assert len(exact["outputs"]) == 2 and len(approximate["outputs"]) == 1  # no log-sum-exp of an approximation
print("all keys")
