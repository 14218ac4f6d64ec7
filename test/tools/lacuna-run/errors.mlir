// What goes wrong is named, on standard error, and exits with 1.
//
// RUN: not lacuna-run %s --no-such-flag 2>&1 >%t.out | FileCheck %s --check-prefix=FLAG
// FLAG: Unknown command line argument '--no-such-flag'
// RUN: not lacuna-run --check 2>&1 | FileCheck %s --check-prefix=INPUT
// INPUT: Not enough positional command line arguments
// RUN: not lacuna-run %s --repeat many 2>&1 | FileCheck %s --check-prefix=REPEAT
// REPEAT: for the --repeat option: 'many' value invalid
// RUN: not lacuna-run %s.missing 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: lacuna-run: error: cannot read '{{.*}}.missing': No such file or directory
// RUN: not lacuna-run %s 2>&1 | FileCheck %s --check-prefix=DEFAULT
// DEFAULT: lacuna-run: error: argument 'n' has no default: give it with --arg n=VALUE
// RUN: not lacuna-run %s --arg n=3 --arg q=randn:1x2x8x32xf32 2>&1 | FileCheck %s --check-prefix=SHAPE
// SHAPE: lacuna-run: error: argument 'q', dimension 1: expects 1, but got 2
// RUN: not lacuna-run %s --arg n=3 --device cpu:1 2>&1 | FileCheck %s --check-prefix=DEVICE
// DEVICE: lacuna-run: error: device: expects one of cpu, cuda:N, hip:N, emulate:CHIP, but got 'cpu:1'
// RUN: not lacuna-run %s --arg n=3 --target sm_1 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: lacuna-run: error: expects a target of {{.*}}, but got 'sm_1'
// RUN: not lacuna-run %s --arg n=3 --entry g 2>&1 | FileCheck %s --check-prefix=ENTRY
// ENTRY: error: {{.*}}'g'
// RUN: not lacuna-run %s --arg n=3 --threads 0 2>&1 | FileCheck %s --check-prefix=THREADS
// THREADS: lacuna-run: error: {{.*}}got 0
// RUN: sed 's/layout(bhsd)/layout(shd)/' %s > %t.mlir
// RUN: not lacuna-run %t.mlir 2>&1 | FileCheck %s --check-prefix=LOCATION
// LOCATION: {{.*}}.mlir:[[#]]:8: error: 'attn.attention' op expects query of rank 3 for layout shd
// RUN: lacuna-run --version | FileCheck %s --check-prefix=VERSION
// VERSION: lacuna-run {{[0-9]+\.[0-9]+\.[0-9]+}}
// RUN: lacuna-run --help | FileCheck %s --check-prefix=HELP
// HELP: Examples:
// HELP-NOT: --debug
// HELP: --arg
// HELP: --json

func.func @f(%q: tensor<?x1x?x32xf32> {attn.name = "q", attn.default = "randn:1x1x8x32xf32:1"}, %n: index {attn.name = "n"})
    -> tensor<?x1x?x32xf32> {
  %m = attn.sliding_window [%n, 0] align(bottom_right)
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<?x1x?x32xf32>, tensor<?x1x?x32xf32>, tensor<?x1x?x32xf32> -> tensor<?x1x?x32xf32>
  return %o : tensor<?x1x?x32xf32>
}
