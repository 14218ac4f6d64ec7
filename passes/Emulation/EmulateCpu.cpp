// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// emulate-cpu: instructions that the machine at hand may lack (AMX tiles, dot products of bf16 pairs) as loops on vectors, so that kernels for a newer CPU
// can be checked anywhere. Slow on purpose: it follows the instructions' definition and shares nothing with the lowering that chose them.
#include "passes/Emulation/Passes.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include "llvm/ADT/TypeSwitch.h"

namespace lacuna {
#define GEN_PASS_DEF_EMULATECPU
#include "passes/Emulation/Passes.h.inc"
} // namespace lacuna

using namespace mlir;

namespace {

constexpr llvm::StringLiteral kDot = "llvm.x86.avx512bf16.dpbf16ps.512";

/// Even and odd elements of a bf16 vector, in f32.
std::pair<Value, Value> splitPairs(ImplicitLocOpBuilder &b, Value pairs) {
  auto type = cast<VectorType>(pairs.getType());
  Value wide = arith::ExtFOp::create(b, type.clone(b.getF32Type()), pairs);
  auto halves = vector::DeinterleaveOp::create(b, wide);
  return {halves.getRes1(), halves.getRes2()};
}

Value multiplyAddPairs(ImplicitLocOpBuilder &b, std::pair<Value, Value> x, std::pair<Value, Value> y, Value sum) {
  return vector::FMAOp::create(b, x.first, y.first, vector::FMAOp::create(b, x.second, y.second, sum));
}

class CpuEmulation {
public:
  CpuEmulation(func::FuncOp function, llvm::DenseMap<Type, func::FuncOp> &multipliers)
      : function(function), b(function.getLoc(), function), multipliers(multipliers) {}

  LogicalResult run() {
    SmallVector<Operation *> found;
    function.walk([&](Operation *op) {
      auto call = dyn_cast<LLVM::CallIntrinsicOp>(op);
      if (isa<amx::AMXDialect>(op->getDialect()) || (call && call.getIntrin() == kDot))
        found.push_back(op);
    });
    for (Operation *op : found)
      if (failed(emulate(*op)))
        return failure();
    for (Operation *op : llvm::reverse(found))
      op->erase();
    return success();
  }

private:
  LogicalResult emulate(Operation &op) {
    b.setLoc(op.getLoc());
    b.setInsertionPoint(&op);
    return TypeSwitch<Operation *, LogicalResult>(&op)
        .Case([&](amx::TileZeroOp zero) { return fill(zero), success(); })
        .Case([&](amx::TileLoadOp load) { return move(load.getBase(), load.getIndices(), bufferOf(load.getRes()), load.getTileType(), true), success(); })
        .Case([&](amx::TileStoreOp store) {
          return move(store.getBase(), store.getIndices(), tiles.lookup(store.getVal()), store.getTileType(), false), success();
        })
        .Case([&](amx::TileMulFOp product) { return multiply(product); })
        .Case([&](LLVM::CallIntrinsicOp call) {
          ValueRange operands = call.getArgs();
          call.getResult(0).replaceAllUsesWith(multiplyAddPairs(b, splitPairs(b, operands[1]), splitPairs(b, operands[2]), operands[0]));
          return success();
        })
        .Default([](Operation *other) { return other->emitError("has no emulation"); });
  }

  /// A tile register: memory of its own.
  Value bufferOf(Value tile) {
    auto type = cast<amx::TileType>(tile.getType());
    OpBuilder entry = OpBuilder::atBlockBegin(&function.getBody().front());
    return tiles[tile] = memref::AllocaOp::create(entry, b.getLoc(), MemRefType::get(type.getShape(), type.getElementType()), entry.getI64IntegerAttr(64));
  }

  Value constant(int64_t v) { return arith::ConstantIndexOp::create(b, v); }

  void forRows(int64_t count, llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, constant(0), constant(count), constant(1));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  void fill(amx::TileZeroOp zero) {
    amx::TileType type = zero.getTileType();
    Value buffer = bufferOf(zero.getRes());
    auto row = VectorType::get({type.getDimSize(1)}, type.getElementType());
    forRows(type.getDimSize(0), [&](Value i) {
      vector::StoreOp::create(b, arith::ConstantOp::create(b, b.getZeroAttr(row)), buffer, ValueRange{i, constant(0)});
    });
  }

  /// Between memory and a tile; every row of the tile is touched, as the instruction does.
  void move(Value base, ValueRange indices, Value tile, amx::TileType type, bool isLoad) {
    auto row = VectorType::get({type.getDimSize(1)}, type.getElementType());
    forRows(type.getDimSize(0), [&](Value i) {
      SmallVector<Value> there(indices), here{i, constant(0)};
      there[there.size() - 2] = arith::AddIOp::create(b, there[there.size() - 2], i);
      Value x = vector::LoadOp::create(b, row, isLoad ? base : tile, isLoad ? there : here);
      vector::StoreOp::create(b, x, isLoad ? tile : base, isLoad ? here : there);
    });
  }

  LogicalResult multiply(amx::TileMulFOp product) {
    if (!product.getAcc().hasOneUse() || !product.getLhsTileType().getElementType().isBF16())
      return product.emitError("expects bf16 tiles and an accumulator that nobody else reads");
    Value sum = tiles[product.getRes()] = tiles.lookup(product.getAcc());
    func::CallOp::create(b, multiplier(product), ValueRange{tiles.lookup(product.getLhs()), tiles.lookup(product.getRhs()), sum});
    return success();
  }

  /// A function of its own for each shape: kernels have dozens of products, and compiling them all inline takes seconds.
  func::FuncOp multiplier(amx::TileMulFOp product) {
    Value operands[] = {tiles.lookup(product.getLhs()), tiles.lookup(product.getRhs()), tiles.lookup(product.getAcc())};
    auto type = b.getFunctionType(ValueRange(operands).getTypes(), {});
    func::FuncOp &callee = multipliers[type];
    if (callee)
      return callee;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(function->getParentOfType<ModuleOp>().getBody());
    callee = func::FuncOp::create(b, ("emulate.multiply" + Twine(multipliers.size() - 1)).str(), type);
    callee.setPrivate();
    callee.setNoInline(true);
    b.setInsertionPointToStart(callee.addEntryBlock());
    multiplyBuffers(callee.getArgument(0), callee.getArgument(1), callee.getArgument(2));
    func::ReturnOp::create(b);
    return callee;
  }

  /// sum[m][n] += sum over pairs of left[m][pair] · right[pair][n], in place.
  void multiplyBuffers(Value left, Value right, Value sum) {
    ArrayRef<int64_t> shape = cast<MemRefType>(left.getType()).getShape();
    int64_t columns = cast<MemRefType>(sum.getType()).getDimSize(1);
    auto sumRow = VectorType::get({columns}, b.getF32Type()), pairRow = VectorType::get({2 * columns}, b.getBF16Type());
    forRows(shape[0], [&](Value m) {
      forRows(shape[1] / 2, [&](Value pair) {
        Value even = arith::MulIOp::create(b, pair, constant(2)), odd = arith::AddIOp::create(b, even, constant(1)), zero = constant(0);
        auto splat = [&](Value column) {
          Value x = arith::ExtFOp::create(b, b.getF32Type(), memref::LoadOp::create(b, left, ValueRange{m, column}).getResult());
          return vector::BroadcastOp::create(b, sumRow, x).getResult();
        };
        std::pair<Value, Value> x{splat(even), splat(odd)};
        Value y = vector::LoadOp::create(b, pairRow, right, ValueRange{pair, zero}), old = vector::LoadOp::create(b, sumRow, sum, ValueRange{m, zero});
        vector::StoreOp::create(b, multiplyAddPairs(b, x, splitPairs(b, y), old), sum, ValueRange{m, zero});
      });
    });
  }

  func::FuncOp function;
  ImplicitLocOpBuilder b;
  llvm::DenseMap<Type, func::FuncOp> &multipliers;
  llvm::DenseMap<Value, Value> tiles;
};

struct EmulateCpu final : lacuna::impl::EmulateCpuBase<EmulateCpu> {
  void runOnOperation() override {
    llvm::DenseMap<Type, func::FuncOp> multipliers;
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (!function.isExternal() && failed(CpuEmulation(function, multipliers).run()))
        return signalPassFailure();
  }
};

} // namespace
