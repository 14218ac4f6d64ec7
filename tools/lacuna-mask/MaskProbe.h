// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compiles the masks of a module for this machine, and asks them about boxes of pairs. Shared by lacuna-mask and the tests of the analysis.
#pragma once

#include "mlir/IR/BuiltinOps.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace mlir {
class DialectRegistry;
class ExecutionEngine;
} // namespace mlir

namespace lacuna {

/// Contiguous memory of a tensor argument, or a scalar in `bytes`.
struct ProbeArgumentValue {
  std::vector<char> bytes;
  std::vector<int64_t> shape;
  bool isTensor = false;
};

/// A box [q0, q1) x [k0, k1), not empty.
struct ProbeBox {
  int64_t q0, q1, k0, k1;
};

struct ProbeClass {
  bool any, all;
  bool isPartial() const { return any && !all; }
};

/// One mask with its arguments: cheap to ask, one box at a time.
class BoundProbe {
public:
  using Function = void (*)(void **);
  BoundProbe(Function function, const std::vector<ProbeArgumentValue> &arguments, int64_t batch, int64_t head, int64_t queries, int64_t keys);
  BoundProbe(const BoundProbe &) = delete;

  /// Class alone.
  ProbeClass classify(const ProbeBox &box) { return call(box, nullptr, 0, 0); }
  /// Class, and bits[(q - q0) * stride + k - k0] = 1 where the pair attends.
  ProbeClass bits(const ProbeBox &box, int8_t *bits, int64_t stride) { return call(box, bits, box.q1 - box.q0, stride); }
  void setHead(int64_t batch, int64_t head) { fixed[0] = batch, fixed[1] = head; }

private:
  ProbeClass call(const ProbeBox &box, int8_t *bits, int64_t rows, int64_t columns);
  void pushTensor(const void *data, const std::vector<int64_t> &shape);

  Function function;
  std::vector<std::unique_ptr<int64_t>> words; ///< pieces of memref descriptors
  std::vector<std::vector<char>> scalars;
  std::array<int64_t, 4> fixed;
  std::array<int64_t, 4> ends{};
  std::array<int64_t, 7> bitsDescriptor{}; ///< pointer, pointer, offset, sizes, strides
  std::array<bool, 2> result{};
  std::vector<void *> packed;
};

/// The compiled probes of one module.
class MaskProbe {
public:
  /// What the context of a probed module must know.
  static void registerDialects(mlir::DialectRegistry &registry);
  /// Passes from a module with attention ops to one with their probes; `libraries` are further mask library files, `rows` as in attn-probe-masks.
  static mlir::LogicalResult makeProbes(mlir::ModuleOp module, llvm::ArrayRef<std::string> libraries, bool rows);
  /// Compiles a module of probes, which it consumes. Null after an error, which goes to the diagnostics of the module.
  static std::unique_ptr<MaskProbe> compile(mlir::ModuleOp probes, bool optimize);
  ~MaskProbe();

  /// The probe of attention op `number` of function `entry`; null where there is none.
  BoundProbe::Function find(llvm::StringRef entry, unsigned number) const;

private:
  explicit MaskProbe(std::unique_ptr<mlir::ExecutionEngine> engine);
  std::unique_ptr<mlir::ExecutionEngine> engine;
};

} // namespace lacuna
