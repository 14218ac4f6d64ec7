// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Everything a user of the attn dialect includes.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Attn/AttnDialect.h.inc"
#include "dialects/Attn/AttnEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Attn/AttnAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Attn/AttnTypes.h.inc"

namespace lacuna::attn {

/// Position of the batch (-1: none), head, sequence and feature dimension in Q, K, V and O.
struct Dims {
  int64_t batch, head, sequence, feature;
};
Dims dimsOf(Layout layout);

/// The shape of one value per row (LSE, gates) for outputs of `shape`.
llvm::SmallVector<int64_t> rowShapeOf(Layout layout, llvm::ArrayRef<int64_t> shape);

} // namespace lacuna::attn

#define GET_OP_CLASSES
#include "dialects/Attn/AttnOps.h.inc"
