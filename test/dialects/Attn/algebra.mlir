// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// RUN: lacuna-opt %s -canonicalize | FileCheck %s --check-prefix=CANON
// attn.and, or, not, transpose: syntax and simplifications.

func.func private @use(!attn.mask)

// CHECK-LABEL: func.func @syntax
func.func @syntax(%a: !attn.mask, %b: !attn.mask) {
  // CHECK: attn.and %{{.*}}, %{{.*}}
  %and = attn.and %a, %b
  // CHECK: attn.or %{{.*}}
  %or = attn.or %a
  // CHECK: attn.not %{{.*}}
  %not = attn.not %a
  // CHECK: attn.transpose %{{.*}}
  %transpose = attn.transpose %a
  return
}

// CANON-LABEL: func.func @one_operand
// CANON-SAME: %[[A:.*]]: !attn.mask
// CANON-NEXT: call @use(%[[A]])
func.func @one_operand(%a: !attn.mask) {
  %x = attn.and %a
  %y = attn.or %x
  call @use(%y) : (!attn.mask) -> ()
  return
}

// CANON-LABEL: func.func @nested
// CANON-SAME: %[[A:.*]]: !attn.mask, %[[B:.*]]: !attn.mask, %[[C:.*]]: !attn.mask
// CANON-NEXT: %[[M:.*]] = attn.and %[[A]], %[[B]], %[[C]]
// CANON-NEXT: call @use(%[[M]])
func.func @nested(%a: !attn.mask, %b: !attn.mask, %c: !attn.mask) {
  %x = attn.and %b, %c
  %y = attn.and %a, %x, %b
  call @use(%y) : (!attn.mask) -> ()
  return
}

// An or inside an and stays.
// CANON-LABEL: func.func @mixed
// CANON: attn.or
// CANON: attn.and
func.func @mixed(%a: !attn.mask, %b: !attn.mask, %c: !attn.mask) {
  %x = attn.or %b, %c
  %y = attn.and %a, %x
  call @use(%y) : (!attn.mask) -> ()
  return
}

// CANON-LABEL: func.func @not_not
// CANON-SAME: %[[A:.*]]: !attn.mask
// CANON-NEXT: call @use(%[[A]])
func.func @not_not(%a: !attn.mask) {
  %x = attn.not %a
  %y = attn.not %x
  call @use(%y) : (!attn.mask) -> ()
  return
}

// CANON-LABEL: func.func @transpose_twice
// CANON-SAME: %[[A:.*]]: !attn.mask
// CANON-NEXT: call @use(%[[A]])
func.func @transpose_twice(%a: !attn.mask) {
  %x = attn.transpose %a
  %y = attn.transpose %x
  call @use(%y) : (!attn.mask) -> ()
  return
}

// CANON-LABEL: func.func @all_in_and
// CANON-SAME: %[[A:.*]]: !attn.mask
// CANON-NEXT: call @use(%[[A]])
func.func @all_in_and(%a: !attn.mask) {
  %all = attn.all
  %x = attn.and %all, %a
  call @use(%x) : (!attn.mask) -> ()
  return
}

// CANON-LABEL: func.func @all_in_or
// CANON-NEXT: %[[ALL:.*]] = attn.all
// CANON-NEXT: call @use(%[[ALL]])
func.func @all_in_or(%a: !attn.mask) {
  %all = attn.all
  %x = attn.or %a, %all
  call @use(%x) : (!attn.mask) -> ()
  return
}

// CANON-LABEL: func.func @only_all
// CANON-NEXT: %[[ALL:.*]] = attn.all
// CANON-NEXT: call @use(%[[ALL]])
func.func @only_all() {
  %all = attn.all
  %x = attn.and %all, %all
  call @use(%x) : (!attn.mask) -> ()
  return
}
