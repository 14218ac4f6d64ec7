// REQUIRES: lacuna-compile
// RUN: lacuna-compile %s --target=x86-64-v4 -o %t && lacuna-compile %s --target=generic -o %t
// Regression: every function that a score region may call links without a C library, also for CPUs without fused products and rounding.

!t = tensor<1x2x?x64xf32>
func.func @f(%q: !t) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %three = arith.constant 3 : i32
    %0 = math.exp %x : f32
    %1 = math.expm1 %0 : f32
    %2 = math.log1p %1 : f32
    %3 = math.sinh %2 : f32
    %4 = math.cosh %3 : f32
    %5 = math.tan %4 : f32
    %6 = math.sin %5 : f32
    %7 = math.floor %6 : f32
    %8 = math.ceil %7 : f32
    %9 = math.round %8 : f32
    %10 = math.roundeven %9 : f32
    %11 = math.trunc %10 : f32
    %12 = math.powf %11, %x : f32
    %13 = math.fpowi %12, %three : f32, i32
    %14 = math.fma %13, %x, %x : f32
    %15 = math.tanh %14 : f32
    attn.yield %15 : f32
  } : !t, !t, !t -> !t
  return %o : !t
}
