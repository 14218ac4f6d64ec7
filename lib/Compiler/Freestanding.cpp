// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// memset, memcpy, memmove, and conversions between half and float for CPUs without an instruction for them.
#include "lib/Compiler/Freestanding.h"

#include "llvm/ADT/STLExtras.h"

namespace lacuna {

// "no-builtins" keeps the loops from becoming calls of themselves. Hidden and used: code generation may add calls late; linking with
// --gc-sections removes what nobody called.
static constexpr llvm::StringLiteral kText = R"(
@llvm.compiler.used = appending global [5 x ptr] [ptr @memcpy, ptr @memset, ptr @memmove, ptr @__extendhfsf2, ptr @__truncsfhf2], section "llvm.metadata"

define linkonce_odr hidden ptr @memcpy(ptr noalias %to, ptr noalias %from, i64 %n) #0 {
entry:
  %none = icmp eq i64 %n, 0
  br i1 %none, label %exit, label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %source = getelementptr inbounds i8, ptr %from, i64 %i
  %target = getelementptr inbounds i8, ptr %to, i64 %i
  %byte = load i8, ptr %source
  store i8 %byte, ptr %target
  %next = add nuw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret ptr %to
}

define linkonce_odr hidden ptr @memset(ptr %to, i32 %value, i64 %n) #0 {
entry:
  %byte = trunc i32 %value to i8
  %none = icmp eq i64 %n, 0
  br i1 %none, label %exit, label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %target = getelementptr inbounds i8, ptr %to, i64 %i
  store i8 %byte, ptr %target
  %next = add nuw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret ptr %to
}

define linkonce_odr hidden ptr @memmove(ptr %to, ptr %from, i64 %n) #0 {
entry:
  %a = ptrtoint ptr %to to i64
  %b = ptrtoint ptr %from to i64
  %distance = sub i64 %a, %b
  %forward = icmp uge i64 %distance, %n
  br i1 %forward, label %copy, label %test
copy:
  %unused = call ptr @memcpy(ptr %to, ptr %from, i64 %n)
  br label %exit
test:
  %i = phi i64 [ %n, %entry ], [ %next, %loop ]
  %done = icmp eq i64 %i, 0
  br i1 %done, label %exit, label %loop
loop:
  %next = sub i64 %i, 1
  %source = getelementptr inbounds i8, ptr %from, i64 %next
  %target = getelementptr inbounds i8, ptr %to, i64 %next
  %byte = load i8, ptr %source
  store i8 %byte, ptr %target
  br label %test
exit:
  ret ptr %to
}

; Shifting the exponent field up and multiplying by 2^112 gives subnormals their value; infinities and NaNs get theirs by or.
define linkonce_odr hidden float @__extendhfsf2(half %x) #0 {
  %bits = bitcast half %x to i16
  %wide = zext i16 %bits to i32
  %magnitude = and i32 %wide, 32767
  %shifted = shl i32 %magnitude, 13
  %small = bitcast i32 %shifted to float
  %scaled = fmul float %small, 0x46F0000000000000
  %finite = bitcast float %scaled to i32
  %special = icmp uge i32 %magnitude, 31744
  %infinite = or i32 %shifted, 2139095040
  %result = select i1 %special, i32 %infinite, i32 %finite
  %sign = and i32 %wide, 32768
  %high = shl i32 %sign, 16
  %signed = or i32 %result, %high
  %value = bitcast i32 %signed to float
  ret float %value
}

; Round to nearest even: normal results by an integer add of half a unit, subnormal ones by a float add of 0.5, whose unit is 2^-24.
define linkonce_odr hidden half @__truncsfhf2(float %x) #0 {
  %bits = bitcast float %x to i32
  %magnitude = and i32 %bits, 2147483647
  %absolute = bitcast i32 %magnitude to float
  %odd.bit = lshr i32 %magnitude, 13
  %odd = and i32 %odd.bit, 1
  %biased = add i32 %magnitude, -939520001
  %rounded = add i32 %biased, %odd
  %normal = lshr i32 %rounded, 13
  %sum = fadd float %absolute, 5.000000e-01
  %sum.bits = bitcast float %sum to i32
  %subnormal = sub i32 %sum.bits, 1056964608
  %is.subnormal = icmp ult i32 %magnitude, 947912704
  %finite = select i1 %is.subnormal, i32 %subnormal, i32 %normal
  %overflows = icmp uge i32 %magnitude, 1199570944
  %clamped = select i1 %overflows, i32 31744, i32 %finite
  %is.nan = icmp ugt i32 %magnitude, 2139095040
  %result = select i1 %is.nan, i32 32256, i32 %clamped
  %sign = lshr i32 %bits, 16
  %sign.bit = and i32 %sign, 32768
  %signed = or i32 %result, %sign.bit
  %narrow = trunc i32 %signed to i16
  %value = bitcast i16 %narrow to half
  ret half %value
}

attributes #0 = { nounwind "no-builtins" }
)";

llvm::StringRef getFreestandingFunctions() { return kText; }

bool isFreestandingFunction(llvm::StringRef name) {
  return llvm::is_contained({"memcpy", "memset", "memmove", "__extendhfsf2", "__truncsfhf2"}, name);
}

} // namespace lacuna
