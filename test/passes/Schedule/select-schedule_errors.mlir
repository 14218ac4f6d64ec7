// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-select-schedule
// Chips that are not known. The option's own syntax is checked in select-schedule-option_errors.mlir.

!t = tensor<1x1x?x8xf32>
module attributes {tile.target = "pentium"} {
func.func @unknown_chip(%q: !t) -> !t {
  // expected-error@+1 {{expects tile.target to be one of native, sapphirerapids, x86-64-v4-bf16, x86-64-v4, x86-64-v3, aarch64, generic, sm_80, gfx942, but got "pentium"}}
  %o = attn.attention %q, %q, %q layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
}

// -----

!t = tensor<1x1x?x8xf32>
func.func @no_chip(%q: !t) -> !t {
  // expected-error@+1 {{expects a module with attribute tile.target}}
  %o = attn.attention %q, %q, %q layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
