# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""examples/swin_bias.mlir and examples/alibi.mlir against NumPy, written from the publications.

usage: published_scores.py SOURCE_ROOT FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys

import numpy as np

ROOT, FOLDER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
sys.path.insert(0, str(ROOT / "test" / "Execute"))
import inputs  # noqa: E402


def softmax_attention(scores, v):
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


def swin(q, k, v, bias, height, width, window, shift):
    """The published steps: region ids by slices, cut into windows; -100 for unequal ids; bias by relative position."""
    image, slices, count = (
        np.zeros((height, width)),
        (slice(0, -window), slice(-window, -shift), slice(-shift, None)),
        0,
    )
    for rows in slices if shift else ():
        for columns in slices:
            image[rows, columns], count = count, count + 1
    windows = (
        image.reshape(height // window, window, width // window, window)
        .transpose(0, 2, 1, 3)
        .reshape(-1, window * window)
    )
    masks = np.where(windows[:, :, None] == windows[:, None, :], 0, -100)
    place = np.stack(np.meshgrid(np.arange(window), np.arange(window), indexing="ij")).reshape(2, -1)
    relative = place[:, :, None] - place[:, None, :] + window - 1
    table = bias[relative[0] * (2 * window - 1) + relative[1]].transpose(2, 0, 1)
    images = q.shape[0] // len(masks)
    scores = q @ k.swapaxes(2, 3) / np.sqrt(q.shape[3]) + table + np.tile(masks, (images, 1, 1))[:, None]
    return softmax_attention(scores, v)


def alibi(q, k, v, slopes):
    i, j = np.ogrid[0 : q.shape[2], 0 : k.shape[2]]
    distance = i + k.shape[2] - q.shape[2] - j
    scores = q @ k.swapaxes(2, 3) / np.sqrt(q.shape[3]) - slopes[:, None, None] * np.abs(distance)
    return softmax_attention(np.where(distance >= 0, scores, -np.inf), v)


def read(text):
    """An argument of lacuna-run."""
    if text[0].isalpha():
        return inputs.generate(text).astype(np.float64)
    value = json.loads(text)
    return value if isinstance(value, int) else np.array(value)


def check(name, formula, **changed):
    file, result = ROOT / "examples" / f"{name}.mlir", FOLDER / f"{name}.safetensors"
    defaults = dict(re.findall(r'attn\.name = "(\w+)", attn\.default = "([^"]*)"', file.read_text()))
    command = [
        "lacuna-run",
        file,
        f"--out=result0=@{result}",
        *(f"--arg={key}={value}" for key, value in changed.items()),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    got = next(iter(inputs.read_safetensors(result).values()))
    wanted = formula(**{key: read(text) for key, text in {**defaults, **changed}.items()})
    error = (np.abs(got - wanted) / np.abs(wanted).max(-1, keepdims=True)).max()
    print(f"{name} {changed or ''}: largest error {error:.3g} of the row's largest magnitude")
    return bool(error <= 1e-5)  # also no NaN


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    two_images = dict(
        q="randn:24x4x49x32xf32:5", k="randn:24x4x49x32xf32:6", v="randn:24x4x49x32xf32:7", height="21", width="28"
    )
    passed = [
        check("swin_bias", swin),
        check("swin_bias", swin, shift="0"),
        check("swin_bias", swin, **two_images),
        check("alibi", alibi),
    ]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
