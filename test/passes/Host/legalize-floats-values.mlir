// RUN: lacuna-opt %s -host-legalize-floats | FileCheck %s --check-prefix=IR
// RUN: lacuna-opt %s -host-legalize-floats -convert-scf-to-cf -convert-arith-to-llvm -convert-math-to-llvm -convert-func-to-llvm -convert-cf-to-llvm \
// RUN:   -reconcile-unrealized-casts | mlir-runner -e main -entry-point-result=i32 | FileCheck %s
// Rounding without an instruction, run on halves, infinity and 65536 bit patterns: it counts results that differ from the C library's f64 functions.

// IR-NOT: math.{{(floor|ceil|trunc|roundeven)}} %{{.*}} : f32
// IR: llvm.intr.fmuladd
// CHECK: {{^}}0{{$}}

func.func @wrong(%x: f32) -> i32 {
  %wide = arith.extf %x : f32 to f64
  %f = math.floor %x : f32
  %c = math.ceil %x : f32
  %t = math.trunc %x : f32
  %r = math.roundeven %x : f32
  %a = math.floor %wide : f64
  %b = math.ceil %wide : f64
  %d = math.trunc %wide : f64
  %e = math.roundeven %wide : f64
  %w = func.call @differ(%f, %a) : (f32, f64) -> i32
  %w1 = func.call @differ(%c, %b) : (f32, f64) -> i32
  %w2 = func.call @differ(%t, %d) : (f32, f64) -> i32
  %w3 = func.call @differ(%r, %e) : (f32, f64) -> i32
  %s = arith.addi %w, %w1 : i32
  %s1 = arith.addi %w2, %w3 : i32
  %sum = arith.addi %s, %s1 : i32
  return %sum : i32
}

func.func @differ(%got: f32, %wide: f64) -> i32 {
  %expected = arith.truncf %wide : f64 to f32
  %i = arith.bitcast %got : f32 to i32
  %j = arith.bitcast %expected : f32 to i32
  %different = arith.cmpi ne, %i, %j : i32
  %count = arith.extui %different : i1 to i32
  return %count : i32
}

// Every 65521st bit pattern: both signs, all exponents.
func.func @main() -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %cases = arith.constant 65536 : i32
  %stride = arith.constant 65521 : i32
  %count = scf.for %n = %zero to %cases step %one iter_args(%sum = %zero) -> i32 : i32 {
    %bits = arith.muli %n, %stride : i32
    %x = arith.bitcast %bits : i32 to f32
    %number = arith.cmpf ord, %x, %x : f32
    %w = func.call @wrong(%x) : (f32) -> i32
    %add = arith.select %number, %w, %zero : i32
    %next = arith.addi %sum, %add : i32
    scf.yield %next : i32
  }
  %half = arith.constant 2.5 : f32
  %w = func.call @wrong(%half) : (f32) -> i32
  %minus = arith.constant -0.5 : f32
  %w1 = func.call @wrong(%minus) : (f32) -> i32
  %inf = arith.constant 0x7F800000 : f32
  %w2 = func.call @wrong(%inf) : (f32) -> i32
  %s = arith.addi %count, %w : i32
  %s1 = arith.addi %s, %w1 : i32
  %s2 = arith.addi %s1, %w2 : i32
  return %s2 : i32
}

func.func @fused(%x: f32, %v: vector<4xf32>) -> (f32, vector<4xf32>) {
  %a = math.fma %x, %x, %x : f32
  %b = math.fma %v, %v, %v : vector<4xf32>
  return %a, %b : f32, vector<4xf32>
}
