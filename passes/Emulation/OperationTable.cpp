// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of GPU ops. Argument orders are those of runtime/emulator/EmulatorAbi.h.
#include "passes/Emulation/OperationTable.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace lacuna;
using emulator::MathFunction;
using Number = emulator::Operation;

namespace {
using Described = FailureOr<std::optional<EmulatedOperation>>;

/// Collects arguments; enums go in as their numbers.
class Arguments {
public:
  explicit Arguments(Operation *op) : builder(op->getContext()) {}
  Arguments &add(int64_t constant) {
    list.push_back(builder.getI64IntegerAttr(constant));
    return *this;
  }
  Arguments &add(Value value) {
    list.push_back(value);
    return *this;
  }
  Arguments &add(ValueRange values) {
    list.append(values.begin(), values.end());
    return *this;
  }
  template <typename Enum> std::enable_if_t<std::is_enum_v<Enum>, Arguments &> add(Enum kind) {
    return add(int64_t(kind));
  }
  /// An optional operand.
  Arguments &addOr(Value value, int64_t otherwise) { return value ? add(value) : add(otherwise); }
  Described as(Number number) { return std::optional(EmulatedOperation{number, list}); }

private:
  Builder builder;
  SmallVector<OpFoldResult, 8> list;
};
} // namespace

static Described unknown(Operation *op, const Twine &what) {
  return op->emitError() << "expects " << what << ", but got '" << op->getName() << "'";
}

static std::optional<emulator::Register> getRegister(Operation *op) {
  using R = emulator::Register;
  return llvm::StringSwitch<std::optional<R>>(op->getName().getStringRef())
      .Case("nvvm.read.ptx.sreg.tid.x", R::tidX)
      .Case("nvvm.read.ptx.sreg.tid.y", R::tidY)
      .Case("nvvm.read.ptx.sreg.tid.z", R::tidZ)
      .Case("nvvm.read.ptx.sreg.ctaid.x", R::ctaidX)
      .Case("nvvm.read.ptx.sreg.ctaid.y", R::ctaidY)
      .Case("nvvm.read.ptx.sreg.ctaid.z", R::ctaidZ)
      .Case("nvvm.read.ptx.sreg.ntid.x", R::ntidX)
      .Case("nvvm.read.ptx.sreg.ntid.y", R::ntidY)
      .Case("nvvm.read.ptx.sreg.ntid.z", R::ntidZ)
      .Case("nvvm.read.ptx.sreg.nctaid.x", R::nctaidX)
      .Case("nvvm.read.ptx.sreg.nctaid.y", R::nctaidY)
      .Case("nvvm.read.ptx.sreg.nctaid.z", R::nctaidZ)
      .Case("nvvm.read.ptx.sreg.laneid", R::laneId)
      .Case("nvvm.read.ptx.sreg.warpsize", R::warpSize)
      .Case("nvvm.read.ptx.sreg.warpid", R::warpId)
      .Case("nvvm.read.ptx.sreg.nwarpid", R::warpCount)
      .Case("nvvm.read.ptx.sreg.lanemask.eq", R::laneMaskEq)
      .Case("nvvm.read.ptx.sreg.lanemask.le", R::laneMaskLe)
      .Case("nvvm.read.ptx.sreg.lanemask.lt", R::laneMaskLt)
      .Case("nvvm.read.ptx.sreg.lanemask.ge", R::laneMaskGe)
      .Case("nvvm.read.ptx.sreg.lanemask.gt", R::laneMaskGt)
      .Default(std::nullopt);
}

static std::optional<MathFunction> getMathFunction(StringRef instruction) {
  return llvm::StringSwitch<std::optional<MathFunction>>(instruction)
      .Cases({"ex2.approx.ftz.f32", "llvm.nvvm.ex2.approx.ftz.f"}, MathFunction::exp2Ftz)
      .Cases({"ex2.approx.f32", "llvm.nvvm.ex2.approx.f", "llvm.intr.exp2"}, MathFunction::exp2)
      .Cases({"lg2.approx.ftz.f32", "llvm.nvvm.lg2.approx.ftz.f"}, MathFunction::log2Ftz)
      .Cases({"lg2.approx.f32", "llvm.nvvm.lg2.approx.f", "llvm.intr.log2"}, MathFunction::log2)
      .Cases({"rcp.approx.ftz.f32", "nvvm.rcp.approx.ftz.f"}, MathFunction::rcpFtz)
      .Case("tanh.approx.f32", MathFunction::tanh)
      .Cases({"sin.approx.f32", "llvm.intr.sin"}, MathFunction::sin)
      .Cases({"cos.approx.f32", "llvm.intr.cos"}, MathFunction::cos)
      .Default(std::nullopt);
}

/// A function of one f32. `instruction` is what a diagnostic quotes.
static Described describeMath(Operation *op, StringRef instruction) {
  std::optional<MathFunction> function = getMathFunction(instruction);
  if (!function)
    return op->emitError() << "expects an instruction that the emulator knows, but got '" << instruction << "'";
  if (op->getNumOperands() != 1 || op->getNumResults() != 1 || !op->getOperand(0).getType().isF32() ||
      !op->getResult(0).getType().isF32())
    return op->emitError() << "expects '" << instruction << "' from f32 to f32, but got another type";
  return Arguments(op).add(*function).add(op->getOperand(0)).as(Number::math);
}

/// Assembly must be one instruction "NAME RESULT, OPERAND"; the name decides.
static Described describeAssembly(Operation *op, StringRef text) {
  StringRef instruction = text.trim().rtrim("; \t\n");
  auto [name, operands] = instruction.split(' ');
  bool plain = operands.count(',') == 1 && !operands.contains(';') && !operands.contains('\n');
  if (!plain || !getMathFunction(name))
    return op->emitError() << "expects inline assembly that the emulator knows, but got \"" << text << "\"";
  return describeMath(op, name);
}

static Described describeInlinePtx(NVVM::InlinePtxOp op) {
  if (op.getPredicate() || !op.getReadWriteArgs().empty())
    return op.emitError() << "expects inline assembly without predicate and rw operands, but got \"" << op.getPtxCode()
                          << "\"";
  return describeAssembly(op, op.getPtxCode());
}

static Described describeBarrier(NVVM::BarrierOp op) {
  using Kind = emulator::BarrierReduction;
  Kind kind = Kind::none;
  if (std::optional<NVVM::BarrierReduction> reduction = op.getReductionOp())
    kind = *reduction == NVVM::BarrierReduction::POPC  ? Kind::popc
           : *reduction == NVVM::BarrierReduction::AND ? Kind::all
                                                       : Kind::any;
  return Arguments(op)
      .addOr(op.getBarrierId(), 0)
      .addOr(op.getNumberOfThreads(), 0)
      .add(kind)
      .addOr(op.getReductionPredicate(), 0)
      .as(Number::barrier);
}

static Described describeShuffle(NVVM::ShflOp op) {
  // Both enums count bfly, up, down, idx.
  return Arguments(op)
      .add(op.getKind())
      .add({op.getThreadMask(), op.getVal(), op.getOffset(), op.getMaskAndClamp()})
      .as(Number::shuffle);
}

static Described describeReduction(NVVM::ReduxOp op) {
  using Kind = emulator::ReduceKind;
  std::optional<Kind> kind;
  switch (op.getKind()) {
  case NVVM::ReduxKind::ADD:
    kind = Kind::add;
    break;
  case NVVM::ReduxKind::AND:
    kind = Kind::bitAnd;
    break;
  case NVVM::ReduxKind::OR:
    kind = Kind::bitOr;
    break;
  case NVVM::ReduxKind::XOR:
    kind = Kind::bitXor;
    break;
  case NVVM::ReduxKind::MAX:
    kind = Kind::max;
    break;
  case NVVM::ReduxKind::MIN:
    kind = Kind::min;
    break;
  case NVVM::ReduxKind::UMAX:
    kind = Kind::umax;
    break;
  case NVVM::ReduxKind::UMIN:
    kind = Kind::umin;
    break;
  default:
    return unknown(op, "a redux.sync of integers");
  }
  return Arguments(op).add(*kind).add({op.getMaskAndClamp(), op.getVal()}).as(Number::reduce);
}

static Described describeLdmatrix(NVVM::LdMatrixOp op) {
  if (op.getShape().getM() != 8 || op.getShape().getN() != 8 || op.getEltType() != NVVM::LdStMatrixEltType::B16)
    return unknown(op, "an ldmatrix of 8x8 b16 matrices");
  return Arguments(op)
      .add(op.getNum())
      .add(op.getLayout() == NVVM::MMALayout::col)
      .add(op.getPtr())
      .as(Number::ldmatrix);
}

static Described describeMma(NVVM::MmaOp op) {
  int64_t m = op.getShape().getM(), n = op.getShape().getN(), k = op.getShape().getK();
  NVVM::MMATypes a = op.getMultiplicandAPtxType().value_or(NVVM::MMATypes::f16);
  NVVM::MMATypes b = op.getMultiplicandBPtxType().value_or(NVVM::MMATypes::f16);
  std::optional<emulator::MmaType> type;
  if (a == NVVM::MMATypes::f16)
    type = emulator::MmaType::f16;
  else if (a == NVVM::MMATypes::bf16)
    type = emulator::MmaType::bf16;
  else if (a == NVVM::MMATypes::tf32)
    type = emulator::MmaType::tf32;
  bool knownK = type == emulator::MmaType::tf32 ? (k == 4 || k == 8) : (k == 8 || k == 16);
  bool toF32 = op.accumPtxType() == NVVM::MMATypes::f32 && op.resultPtxType() == NVVM::MMATypes::f32;
  bool rowColumn = op.getLayoutA() == NVVM::MMALayout::row && op.getLayoutB() == NVVM::MMALayout::col;
  if (!type || a != b || m != 16 || n != 8 || !knownK || !toF32 || !rowColumn)
    return unknown(
        op, "an mma.sync of shape m16n8k8 or m16n8k16 (f16, bf16), m16n8k4 or m16n8k8 (tf32), row x col, to f32");
  return Arguments(op)
      .add(m)
      .add(n)
      .add(k)
      .add(*type)
      .add(op.getOperandA())
      .add(op.getOperandB())
      .add(op.getOperandC())
      .as(Number::mma);
}

static Described describeCpAsync(NVVM::CpAsyncOp op) {
  return Arguments(op)
      .add({op.getDst(), op.getSrc()})
      .add(op.getSize())
      .addOr(op.getCpSize(), op.getSize())
      .as(Number::cpAsync);
}

static Described describeNvvm(Operation *op) {
  if (std::optional<emulator::Register> which = getRegister(op))
    return Arguments(op).add(*which).as(Number::readRegister);
  return llvm::TypeSwitch<Operation *, Described>(op)
      .Case([](NVVM::Barrier0Op op) {
        return Arguments(op).add(0).add(0).add(emulator::BarrierReduction::none).add(0).as(Number::barrier);
      })
      .Case(describeBarrier)
      .Case([](NVVM::BarrierArriveOp op) {
        return Arguments(op).addOr(op.getBarrierId(), 0).add(op.getNumberOfThreads()).as(Number::barrierArrive);
      })
      .Case([](NVVM::SyncWarpOp op) { return Arguments(op).add(op.getMask()).as(Number::warpSync); })
      .Case(describeShuffle)
      // Both enums count any, all, ballot, uni.
      .Case([](NVVM::VoteSyncOp op) {
        return Arguments(op).add(op.getKind()).add({op.getMask(), op.getPred()}).as(Number::vote);
      })
      .Case([](NVVM::ElectSyncOp op) { return Arguments(op).addOr(op.getMembermask(), 0xffffffff).as(Number::elect); })
      .Case(describeReduction)
      .Case(describeLdmatrix)
      .Case(describeMma)
      .Case(describeCpAsync)
      .Case([](NVVM::CpAsyncCommitGroupOp op) { return Arguments(op).as(Number::cpAsyncCommit); })
      .Case([](NVVM::CpAsyncWaitGroupOp op) { return Arguments(op).add(op.getN()).as(Number::cpAsyncWait); })
      .Case(describeInlinePtx)
      .Case([](NVVM::RcpApproxFtzF32Op op) { return describeMath(op, op->getName().getStringRef()); })
      .Case([](NVVM::Exit op) { return Arguments(op).as(Number::exitThread); })
      .Default([](Operation *op) { return unknown(op, "a GPU operation that the emulator knows"); });
}

bool lacuna::isEmulatedByNothing(Operation *op) { return isa<NVVM::MembarOp, NVVM::PrefetchOp>(op); }

Described lacuna::getEmulatedOperation(Operation *op) {
  if (isa<NVVM::NVVMDialect>(op->getDialect()))
    return describeNvvm(op);
  return llvm::TypeSwitch<Operation *, Described>(op)
      .Case([](LLVM::InlineAsmOp op) { return describeAssembly(op, op.getAsmString()); })
      .Case([](LLVM::CallIntrinsicOp op) -> Described {
        if (!op.getIntrin().starts_with("llvm.nvvm."))
          return std::optional<EmulatedOperation>();
        return describeMath(op, op.getIntrin());
      })
      .Case<LLVM::Exp2Op, LLVM::Log2Op, LLVM::SinOp, LLVM::CosOp>(
          [](Operation *op) { return describeMath(op, op->getName().getStringRef()); })
      // The length of these stands before the volatile flag.
      .Case<LLVM::MemcpyOp, LLVM::MemmoveOp>(
          [](auto op) { return Arguments(op).add({op.getDst(), op.getSrc(), op.getLen()}).as(Number::copyMemory); })
      .Case([](LLVM::MemsetOp op) {
        return Arguments(op).add({op.getDst(), op.getVal(), op.getLen()}).as(Number::setMemory);
      })
      .Default([](Operation *) -> Described { return std::optional<EmulatedOperation>(); });
}
