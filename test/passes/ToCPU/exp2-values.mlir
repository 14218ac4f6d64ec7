// RUN: lacuna-opt %s -cpu-expand-math -convert-vector-to-scf -convert-scf-to-cf -convert-vector-to-llvm -convert-math-to-llvm -convert-arith-to-llvm \
// RUN:   -finalize-memref-to-llvm -convert-func-to-llvm -convert-cf-to-llvm -reconcile-unrealized-casts | mlir-runner -e main -entry-point-result=i32 | FileCheck %s
// The polynomial of exp2, run: it counts values that are wrong. Powers of two are exact, below -127 and at -inf it is exactly 0, from 128 on and at inf
// it is inf, NaN stays NaN, and 8000 values in between are within 2 ulp of the C library's f64 function.

// CHECK: {{^}}0{{$}}

func.func @wrong_bits(%x: f32, %expected: i32) -> i32 {
  %y = math.exp2 %x : f32
  %bits = arith.bitcast %y : f32 to i32
  %wrong = arith.cmpi ne, %bits, %expected : i32
  %count = arith.extui %wrong : i1 to i32
  return %count : i32
}

func.func @wrong_powers() -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %low = arith.constant -126 : i32
  %high = arith.constant 128 : i32
  %bias = arith.constant 127 : i32
  %shift = arith.constant 23 : i32
  %count = scf.for %n = %low to %high step %one iter_args(%sum = %zero) -> i32 : i32 {
    %x = arith.sitofp %n : i32 to f32
    %biased = arith.addi %n, %bias : i32
    %expected = arith.shli %biased, %shift : i32
    %wrong = func.call @wrong_bits(%x, %expected) : (f32, i32) -> i32
    %next = arith.addi %sum, %wrong : i32
    scf.yield %next : i32
  }
  return %count : i32
}

func.func @inaccurate() -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %low = arith.constant -4000 : i32
  %high = arith.constant 4000 : i32
  %step = arith.constant 0.03139 : f32
  %bound = arith.constant 2.4e-7 : f64
  %count = scf.for %n = %low to %high step %one iter_args(%sum = %zero) -> i32 : i32 {
    %i = arith.sitofp %n : i32 to f32
    %x = arith.mulf %i, %step : f32
    %y = math.exp2 %x : f32
    %wide = arith.extf %x : f32 to f64
    %exact = math.exp2 %wide : f64
    %got = arith.extf %y : f32 to f64
    %difference = arith.subf %got, %exact : f64
    %relative = arith.divf %difference, %exact : f64
    %error = math.absf %relative : f64
    %wrong = arith.cmpf ugt, %error, %bound : f64
    %add = arith.extui %wrong : i1 to i32
    %next = arith.addi %sum, %add : i32
    scf.yield %next : i32
  }
  return %count : i32
}

func.func @main() -> i32 {
  %zero = arith.constant 0 : i32
  %infinity = arith.constant 0x7F800000 : i32
  %minus_inf = arith.constant 0xFF800000 : f32
  %inf = arith.constant 0x7F800000 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %low = arith.constant -127.0 : f32
  %masked = arith.constant -1.0e30 : f32
  %high = arith.constant 128.0 : f32
  %a = func.call @wrong_bits(%minus_inf, %zero) : (f32, i32) -> i32
  %b = func.call @wrong_bits(%low, %zero) : (f32, i32) -> i32
  %c = func.call @wrong_bits(%masked, %zero) : (f32, i32) -> i32
  %d = func.call @wrong_bits(%high, %infinity) : (f32, i32) -> i32
  %e = func.call @wrong_bits(%inf, %infinity) : (f32, i32) -> i32
  %y = math.exp2 %nan : f32
  %number = arith.cmpf ord, %y, %y : f32
  %f = arith.extui %number : i1 to i32
  %g = func.call @wrong_powers() : () -> i32
  %h = func.call @inaccurate() : () -> i32
  %ab = arith.addi %a, %b : i32
  %cd = arith.addi %c, %d : i32
  %ef = arith.addi %e, %f : i32
  %gh = arith.addi %g, %h : i32
  %abcd = arith.addi %ab, %cd : i32
  %efgh = arith.addi %ef, %gh : i32
  %all = arith.addi %abcd, %efgh : i32
  return %all : i32
}
