// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-link-masks=libraries=%S/Inputs/library.mlir
// RUN: not lacuna-opt %s -attn-link-masks=libraries=%S/Inputs/missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: expects a readable mask library, but got {{.*}}missing.mlir

func.func @unknown_name() {
  // expected-error@+1 {{expects the name of a mask in the mask library, but got 'strict_casual'; nearest: strict_causal, }}
  %m = attn.named @strict_casual()
  return
}

// -----

func.func @too_few() {
  // expected-error@+1 {{expects arguments ('index') for mask 'chunked', but got ()}}
  %m = attn.named @chunked()
  return
}

// -----

func.func @wrong_type(%x: i32) {
  // expected-error@+1 {{expects arguments ('index') for mask 'chunked', but got ('i32')}}
  %m = attn.named @chunked(%x : i32)
  return
}

// -----

func.func @wrong_table(%w: index, %x: tensor<?xi64>) {
  // expected-error@+1 {{expects arguments ('index', 'tensor<?xi32>') for mask 'mine', but got ('index', 'tensor<?xi64>')}}
  %m = attn.named @mine(%w, %x : index, tensor<?xi64>)
  return
}

// -----

// The error stands at the name that closes the circle, in this module.
func.func private @a() -> !attn.mask {
  // expected-error@+1 {{expects a mask that does not name itself, but got a -> a}}
  %m = attn.named @a()
  return %m : !attn.mask
}
