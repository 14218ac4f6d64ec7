# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The process behind each of lacuna-bench's Python sides: reads requests, one JSON object per line, from standard input
and answers on what was standard output (docs/design/bench.md). `lacuna-bench --worker` speaks the same protocol.

A side is a function `module:function` of the suite's folder or of benchmarks/. It is called with the entry's Inputs and
returns
  (O, seconds, preparation seconds)   then it is called for each run, and is believed; or
  a function without arguments        then that call was the preparation, which is timed here, and each run calls the
                                      function that it gave and times it: it returns O or a tuple of outputs.
Nothing here imports torch: a side that needs it does.
"""

import importlib
import json
import os
import pathlib
import resource
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent)  # not this folder, whose files are named plainly
sys.path.insert(0, os.getcwd())

from lacuna_bench import tensors  # noqa: E402


class Failed(Exception):
    """With the stage that failed."""

    def __init__(self, stage, error):
        super().__init__(error)
        self.stage = stage


def describe(error):
    """The exception in one line, and where it was raised."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frames = [f for f in traceback.extract_tb(error.__traceback__) if pathlib.Path(f.filename) != HERE / "worker.py"]
    if not frames:
        return text
    return f"{text}\n  in {pathlib.Path(frames[-1].filename).name}:{frames[-1].lineno}, {frames[-1].name}"


def find(name):
    """The function `module:function`."""
    module, _, function = name.partition(":")
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name == "torch":
            raise Failed("compile", f"'{name}' needs torch, which {sys.executable} does not have") from error
        raise Failed("compile", f"cannot import '{module}': {describe(error)}") from error
    except Exception as error:
        raise Failed("compile", f"cannot import '{module}': {describe(error)}") from error
    if not callable(getattr(found, function, None)):
        raise Failed("compile", f"module '{module}' has no function '{function}'")
    return getattr(found, function)


def versions():
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in ("numpy", "torch"):
        if name in sys.modules:
            found[name] = str(sys.modules[name].__version__)
    return found


class Worker:
    def __init__(self):
        self.function = self.inputs = self.call = self.outputs = None
        self.facts = {}

    def prepare(self, request):
        formula = find(request["formula"]) if request["formula"] else None
        settings = {key: request[key] for key in ("layout", "device", "threads")}
        self.inputs = tensors.Inputs(request["inputs"], request["scalars"], formula=formula, **settings)
        if request["kind"] == "torch":
            try:
                from lacuna_bench import torch_sides
            except ModuleNotFoundError as error:
                if error.name != "torch":
                    raise
                raise Failed("compile", f"needs torch, which {sys.executable} does not have") from error
            self.function = torch_sides.SIDES[request["function"]]
        else:
            self.function = find(request["function"])
        if request["kind"] == "torch":
            self.bind(self.function(self.inputs, self.facts))
        return self.facts

    def bind(self, call):
        if not callable(call):
            raise Failed("run", f"expects a function, but got {type(call).__name__}")
        self.call = call

    def run(self, request):
        """The first call of a function decides which of the two kinds it is."""
        if self.call:
            start = time.perf_counter()
            result = self.call()
            return self.keep(result, {"seconds": time.perf_counter() - start, **self.device_seconds()})
        start = time.perf_counter()
        result = self.function(self.inputs)
        if callable(result):
            self.facts["preparation_seconds"] = time.perf_counter() - start
            self.bind(result)
            return {**self.run(request), "preparation_seconds": self.facts["preparation_seconds"]}
        if not isinstance(result, tuple) or len(result) != 3:
            raise Failed(
                "run", f"expects (O, seconds, preparation seconds) or a function, but got {type(result).__name__}"
            )
        output, seconds, preparation = result
        for what, value in (("seconds", seconds), ("preparation seconds", preparation)):
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                raise Failed("run", f"expects {what} as a number, but got {type(value).__name__}")
        return self.keep(output, {"seconds": float(seconds), "preparation_seconds": float(preparation)})

    def device_seconds(self):
        measured = getattr(self.call, "device_seconds", None)
        return {} if measured is None else {"device_seconds": measured}

    def keep(self, result, answer):
        """Outputs of the first run are what is judged."""
        if self.outputs is None:
            outputs = result if isinstance(result, (tuple, list)) else (result,)
            self.outputs = [tensors.stored(output) for output in outputs]
            self.outputs = [(kind, array.copy()) for kind, array in self.outputs]
        return answer

    def finish(self, request):
        tensors.write(request["outputs"], self.outputs or [])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return {"num_outputs": len(self.outputs or []), "peak_memory_bytes": peak, "versions": versions()}


def main():
    # Whatever else writes to standard output is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": True, **getattr(worker, request["do"])(request)}
        except Failed as error:
            answer = {"ok": False, "stage": error.stage, "error": str(error)}
        except Exception as error:
            stage = "compile" if request["do"] == "prepare" else "run"
            answer = {"ok": False, "stage": stage, "error": describe(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
