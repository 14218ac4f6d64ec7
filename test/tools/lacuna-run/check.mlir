// A program runs bare on its defaults, is checked against the reference in every type, and tells what it did.
//
// RUN: lacuna-run %s --entry window_f32 --check | FileCheck %s --check-prefixes=ALL,F32
// RUN: lacuna-run %s --entry window_bf16 --check | FileCheck %s --check-prefixes=ALL,BF16
// RUN: lacuna-run %s --entry window_f16 --check --threads 2 | FileCheck %s --check-prefixes=ALL,F16
// ALL: entry     window_[[TYPE:f32|bf16|f16]](q: 1x4x100x64x[[TYPE]], k: 1x2x150x64x[[TYPE]], v: 1x2x150x64x[[TYPE]], left: 40)
// ALL-NEXT: target    {{.*}} on cpu
// ALL-NEXT: schedule  {{.*}}tile_m
// ALL: compile
// ALL-NEXT: time
// ALL-NEXT: tiles     {{[1-9][0-9]*}} visited of {{[1-9][0-9]*}} ({{[0-9]+}} full, {{[0-9]+}} partial)
// F32-NEXT: check     PASS result0: {{.*}} tolerance 1e-05 of the row's largest magnitude; worst at [0, {{.*}}]
// BF16-NEXT: check     PASS result0: {{.*}} tolerance 0.00781 of the row's largest magnitude;
// F16-NEXT: check     PASS result0: {{.*}} tolerance 0.000977 of the row's largest magnitude;
// ALL-NEXT: check     PASS result1: {{.*}} tolerance 1e-05 of max(1, |reference|);
//
// A tolerance that no f32 result meets: fails, tells where, and leaves results and numbers for a look.
// RUN: not lacuna-run %s --entry window_f32 --check --atol 1e-30 --rtol 0 --json %t.json --out result1=@%t.safetensors \
// RUN:   | FileCheck %s --check-prefix=FAIL
// FAIL: check     FAIL result0: max_abs_error {{[0-9.]+e-[0-9]+}}, max_row_relative_error {{[0-9.]+e-[0-9]+}}, tolerance 1e-30 + 0 * |reference|; worst at [
// RUN: FileCheck %s --check-prefix=JSON --input-file %t.json
// JSON: "schema_version": 1,
// JSON-NEXT: "lacuna_version": "{{.*}}",
// JSON-NEXT: "entry": "window_f32",
// JSON-NEXT: "device": "cpu",
// JSON-NEXT: "target": "{{.*}}",
// JSON-NEXT: "schedule": "{{.*}}",
// JSON-NEXT: "dtype": "f32",
// JSON-NEXT: "shape": [
// JSON: "repeat": 1,
// JSON-NEXT: "seconds": {
// JSON: "compile_seconds": {{[0-9]}}
// JSON: "max_abs_error": {{[0-9.]+e-[0-9]+}},
// JSON: "passed": false
//
// One input changed for the artifact's run and the reference's: results still agree, whatever the lengths.
// RUN: lacuna-run %s --entry window_f32 --check --arg left=0 --arg q=rand:2x4x1x64xf32:3 --arg 1=randn:2x2x300x64xf32:4 --arg v=arange:2x2x300x64xf32 \
// RUN:   --repeat 3 | FileCheck %s --check-prefix=OTHER
// OTHER: (q: 2x4x1x64xf32, k: 2x2x300x64xf32, v: 2x2x300x64xf32, left: 0)
// OTHER: median of 3
// OTHER: PASS result0

func.func @window_f32(%q: tensor<?x4x?x64xf32> {attn.name = "q", attn.default = "randn:1x4x100x64xf32"},
    %k: tensor<?x2x?x64xf32> {attn.name = "k", attn.default = "randn:1x2x150x64xf32"},
    %v: tensor<?x2x?x64xf32> {attn.name = "v", attn.default = "randn:1x2x150x64xf32"},
    %left: index {attn.name = "left", attn.default = "40"}) -> (tensor<?x4x?x64xf32>, tensor<?x4x?xf32>) {
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x4x?x64xf32>, tensor<?x2x?x64xf32>, tensor<?x2x?x64xf32> -> tensor<?x4x?x64xf32>, tensor<?x4x?xf32>
  return %o, %lse : tensor<?x4x?x64xf32>, tensor<?x4x?xf32>
}

func.func @window_bf16(%q: tensor<?x4x?x64xbf16> {attn.name = "q", attn.default = "randn:1x4x100x64xbf16"},
    %k: tensor<?x2x?x64xbf16> {attn.name = "k", attn.default = "randn:1x2x150x64xbf16"},
    %v: tensor<?x2x?x64xbf16> {attn.name = "v", attn.default = "randn:1x2x150x64xbf16"},
    %left: index {attn.name = "left", attn.default = "40"}) -> (tensor<?x4x?x64xbf16>, tensor<?x4x?xf32>) {
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x4x?x64xbf16>, tensor<?x2x?x64xbf16>, tensor<?x2x?x64xbf16> -> tensor<?x4x?x64xbf16>, tensor<?x4x?xf32>
  return %o, %lse : tensor<?x4x?x64xbf16>, tensor<?x4x?xf32>
}

func.func @window_f16(%q: tensor<?x4x?x64xf16> {attn.name = "q", attn.default = "randn:1x4x100x64xf16"},
    %k: tensor<?x2x?x64xf16> {attn.name = "k", attn.default = "randn:1x2x150x64xf16"},
    %v: tensor<?x2x?x64xf16> {attn.name = "v", attn.default = "randn:1x2x150x64xf16"},
    %left: index {attn.name = "left", attn.default = "40"}) -> (tensor<?x4x?x64xf16>, tensor<?x4x?xf32>) {
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x4x?x64xf16>, tensor<?x2x?x64xf16>, tensor<?x2x?x64xf16> -> tensor<?x4x?x64xf16>, tensor<?x4x?xf32>
  return %o, %lse : tensor<?x4x?x64xf16>, tensor<?x4x?xf32>
}
