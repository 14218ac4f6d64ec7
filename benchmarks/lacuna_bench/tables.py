# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Markdown tables, a row as soon as it is measured. A cell whose value is missing is empty."""

# Column: (title, key of the row, format). A ratio is peer over ours: above 1 we are faster.
PREFILL = (
    ("mask", "label", ""),
    ("length", "length", ""),
    ("head", "head", ""),
    ("type", "dtype", ""),
    ("ms", "ms", ".2f"),
    ("GFLOP/s", "gflops", ".0f"),
    ("of peak", "of_peak", ".0%"),
    ("visited / tiles", ("visited", "tiles"), ""),
    ("per tile", "per_tile", ".2f"),
    ("compile s", "compile_s", ".2f"),
    ("SDPA ms", "sdpa_ms", ".2f"),
    ("x SDPA", "sdpa_ratio", ".2f"),
    ("Flex ms", "flex_ms", ".2f"),
    ("x Flex", "flex_ratio", ".2f"),
    ("its mask ms", "flex_mask_ms", ".1f"),
    ("x with mask", "flex_with_mask_ratio", ".2f"),
    ("its first call s", "flex_first_s", ".1f"),
    ("differs by", ("sdpa_error", "flex_error"), ".1e"),
    ("error / tolerance", "error_over_tolerance", ".2f"),
    ("rounds", "rounds", ""),
)
COMPILED_MASK = (
    ("its mask compiled ms", "flex_compiled_mask_ms", ".1f"),
    ("x with that", "flex_with_compiled_mask_ratio", ".2f"),
    ("its first call s", "flex_compiled_mask_first_s", ".1f"),
)
DECODE = (
    ("queries", "queries", ""),
    ("keys", "keys", ""),
    ("heads", "heads", ""),
    ("head", "head", ""),
    ("type", "dtype", ""),
    ("ms", "ms", ".3f"),
    ("GB/s", "gbytes_s", ".1f"),
    ("plain read GB/s", "read_gbytes_s", ".1f"),
    ("of read", "of_read", ".0%"),
    ("compile s", "compile_s", ".2f"),
    ("SDPA ms", "sdpa_ms", ".3f"),
    ("x SDPA", "sdpa_ratio", ".2f"),
    ("Flex ms", "flex_ms", ".3f"),
    ("x Flex", "flex_ratio", ".2f"),
    ("its first call s", "flex_first_s", ".1f"),
    ("differs by", ("sdpa_error", "flex_error"), ".1e"),
    ("error / tolerance", "error_over_tolerance", ".2f"),
    ("rounds", "rounds", ""),
)
YARDSTICK = (
    ("yardstick", "yardstick", ""),
    ("length", "length", ""),
    ("head", "head", ""),
    ("type", "dtype", ""),
    ("ms", "ms", ".2f"),
    ("GFLOP/s", "gflops", ".0f"),
    ("its ms", "yardstick_ms", ".2f"),
    ("its GFLOP/s", "yardstick_gflops", ".0f"),
    ("ratio", "ratio", ".2f"),
)


def cell(row, key, form):
    """The value of a key, or of several."""
    keys = (key,) if isinstance(key, str) else key
    return " / ".join(format(row[k], form) for k in keys if row.get(k) is not None)


class Table:
    def __init__(self, columns):
        self.columns, self.begun = columns, False

    def show(self, row):
        """A row that was skipped says why in its fifth cell."""
        if not self.begun:
            print("\n| " + " | ".join(title for title, _, _ in self.columns) + " |\n|" + "---|" * len(self.columns))
            self.begun = True
        cells = [cell(row, key, form) for _, key, form in self.columns]
        if "skipped" in row:
            cells[4] = row["skipped"].replace("|", "\\|")
        print("| " + " | ".join(cells) + " |", flush=True)
