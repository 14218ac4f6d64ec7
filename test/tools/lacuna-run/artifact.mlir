// Artifacts: run without a compiler, checked by their embedded source only; results go from file to argument and back.
//
// REQUIRES: lacuna-compile
// RUN: lacuna-compile %s -o %t.lacuna
// RUN: lacuna-compile %s --embed-source -o %t.source.lacuna
// RUN: lacuna-run %t.lacuna --out o=@%t.safetensors --out lse=@%t.safetensors | FileCheck %s --check-prefix=BARE
// BARE-NOT: compile
// BARE: entry     f(q: 40x2x32xf32, k: 40x2x32xf32, v: 40x2x32xf32, cu: 3xi32)
// BARE-NOT: compile
// BARE-NOT: check
//
// RUN: lacuna-run %t.source.lacuna --check --arg q=@%t.safetensors:o | FileCheck %s --check-prefix=CHECK
// CHECK: PASS o
// CHECK: PASS lse
//
// The reference comes from the embedded source, not from the code: with another scale in the source alone the two differ.
// RUN: sed 's/scale(0.25)/scale(0.26)/g' %t.source.lacuna > %t.other.lacuna
// RUN: not lacuna-run %t.other.lacuna --check | FileCheck %s --check-prefix=DIFFERS
// DIFFERS: FAIL o: {{.*}} got {{.*}}, reference
// DIFFERS: FAIL lse
//
// RUN: not lacuna-run %t.lacuna --check 2>&1 | FileCheck %s --check-prefix=NO-SOURCE
// NO-SOURCE: lacuna-run: error: --check needs the source, which '{{.*}}' does not have: compile it with --embed-source
// RUN: not lacuna-run %t.lacuna --arg q=@%t.safetensors:x 2>&1 | FileCheck %s --check-prefix=KEY
// KEY: lacuna-run: error: argument 'q': key in '{{.*}}': expects one of lse, o, but got 'x'
// RUN: not lacuna-run %t.lacuna --target generic 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: lacuna-run: error: --target and --schedule say how to compile, but '{{.*}}' is compiled

func.func @f(%q: tensor<?x2x32xf32> {attn.name = "q", attn.default = "randn:40x2x32xf32:1"},
    %k: tensor<?x2x32xf32> {attn.name = "k", attn.default = "randn:40x2x32xf32:2"},
    %v: tensor<?x2x32xf32> {attn.name = "v", attn.default = "randn:40x2x32xf32:3"},
    %cu: tensor<?xi32> {attn.name = "cu", attn.default = "[0, 13, 40]"})
    -> (tensor<?x2x32xf32> {attn.name = "o"}, tensor<2x?xf32> {attn.name = "lse"}) {
  %d = attn.document %cu, %cu : tensor<?xi32>, tensor<?xi32>
  %o, %lse = attn.attention %q, %k, %v mask(%d) layout(shd) scale(0.25)
    : tensor<?x2x32xf32>, tensor<?x2x32xf32>, tensor<?x2x32xf32> -> tensor<?x2x32xf32>, tensor<2x?xf32>
  return %o, %lse : tensor<?x2x32xf32>, tensor<2x?xf32>
}
