// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls through the emulator's table. The optimiser sees an unknown function, so memory accesses stay where they are.
#include "passes/Emulation/EmulatedCalls.h"

using namespace mlir;
using namespace lacuna;

// A shuffle with predicate and a barrier always write this many, used or not.
static constexpr size_t minimumSlots = 4;

EmulatedCalls::EmulatedCalls(ModuleOp module) : module(module) {
  ImplicitLocOpBuilder builder(module.getLoc(), module.getContext());
  builder.setInsertionPointToStart(module.getBody());
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  table = LLVM::GlobalOp::create(builder, pointer, /*isConstant=*/false, LLVM::Linkage::External, emulator::tableSymbol,
                                 Attribute());
  builder.createBlock(&table.getInitializerRegion());
  LLVM::ReturnOp::create(builder, LLVM::ZeroOp::create(builder, pointer).getResult());
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  operationFunction = createForwarder("lacuna_operation", 0, {i32, pointer, pointer, pointer});
  accessFunction = createForwarder("lacuna_access", 1, {pointer, i64, i32, pointer});
}

void EmulatedCalls::beginFunction(LLVM::LLVMFuncOp function, size_t slots) {
  ImplicitLocOpBuilder builder(function.getLoc(), function.getContext());
  builder.setInsertionPointToStart(&function.getBody().front());
  auto pointer = LLVM::LLVMPointerType::get(function.getContext());
  Value count = LLVM::ConstantOp::create(builder, builder.getI64Type(), int64_t(std::max(slots, minimumSlots)));
  arguments = LLVM::AllocaOp::create(builder, pointer, builder.getI64Type(), count, /*alignment=*/8);
  Value four = LLVM::ConstantOp::create(builder, builder.getI64Type(), int64_t(minimumSlots));
  results = LLVM::AllocaOp::create(builder, pointer, builder.getI64Type(), four, /*alignment=*/8);
}

/// A function that calls a member of the table; LLVM inlines it.
LLVM::LLVMFuncOp EmulatedCalls::createForwarder(StringRef name, int32_t member, ArrayRef<Type> types) {
  ImplicitLocOpBuilder builder(module.getLoc(), module.getContext());
  builder.setInsertionPointToEnd(module.getBody());
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(module.getContext()), types);
  auto function = LLVM::LLVMFuncOp::create(builder, name, type, LLVM::Linkage::Internal);
  Block *entry = function.addEntryBlock(builder);
  builder.setInsertionPointToStart(entry);
  Value functions = LLVM::LoadOp::create(builder, pointer, LLVM::AddressOfOp::create(builder, table));
  Value slot = LLVM::GEPOp::create(builder, pointer, pointer, functions, ArrayRef<LLVM::GEPArg>{member});
  SmallVector<Value> operands = {LLVM::LoadOp::create(builder, pointer, slot)};
  llvm::append_range(operands, entry->getArguments());
  LLVM::CallOp::create(builder, type, operands);
  LLVM::ReturnOp::create(builder, ValueRange{});
  return function;
}

Value EmulatedCalls::getSlot(ImplicitLocOpBuilder &builder, Value array, size_t slot) {
  if (slot == 0)
    return array;
  return LLVM::GEPOp::create(builder, array.getType(), builder.getI64Type(), array,
                             ArrayRef<LLVM::GEPArg>{int32_t(slot)});
}

/// "nvvm.mma.sync at kernel.mlir:3:5". Each instruction has its own, since the emulator compares the pointers.
Value EmulatedCalls::emitSite(ImplicitLocOpBuilder &builder, Operation *op) {
  OpBuilder moduleBuilder = OpBuilder::atBlockEnd(module.getBody());
  std::string text = op->getName().getStringRef().str();
  if (auto location = op->getLoc()->findInstanceOf<FileLineColLoc>())
    text += " at " + location.getFilename().str() + ":" + std::to_string(location.getLine()) + ":" +
            std::to_string(location.getColumn());
  text.push_back('\0');
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), unsigned(text.size()));
  auto global = LLVM::GlobalOp::create(moduleBuilder, op->getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Internal,
                                       "lacuna_site" + std::to_string(sites++), builder.getStringAttr(text));
  return LLVM::AddressOfOp::create(builder, global);
}

SmallVector<Value> EmulatedCalls::emitOperation(Operation *op, const EmulatedOperation &operation, TypeRange types) {
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  for (auto [slot, argument] : llvm::enumerate(operation.arguments)) {
    Value value = dyn_cast<Value>(argument);
    if (!value)
      value = LLVM::ConstantOp::create(builder, cast<IntegerAttr>(cast<Attribute>(argument)));
    LLVM::StoreOp::create(builder, value, getSlot(builder, arguments, slot));
  }
  Value number = LLVM::ConstantOp::create(builder, builder.getI32Type(), int64_t(operation.number));
  Value site = emitSite(builder, op);
  LLVM::CallOp::create(builder, operationFunction, ValueRange{number, arguments, results, site});
  SmallVector<Value> values;
  for (auto [slot, resultType] : llvm::enumerate(types))
    values.push_back(LLVM::LoadOp::create(builder, resultType, getSlot(builder, results, slot)));
  return values;
}

void EmulatedCalls::emitAccess(Operation *op, Value address, Value bytes, int32_t flags) {
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  Value flagsValue = LLVM::ConstantOp::create(builder, builder.getI32Type(), int64_t(flags));
  Value site = emitSite(builder, op);
  LLVM::CallOp::create(builder, accessFunction, ValueRange{address, bytes, flagsValue, site});
}
