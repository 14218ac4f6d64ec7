// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compiles the masks of a module for this machine, and asks them about boxes of pairs. Shared by lacuna-mask and the tests of the analysis.
#pragma once

#include "mlir/IR/BuiltinOps.h"

#include <array>
#include <limits>
#include <memory>
#include <optional>
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

/// What walks over a mask may spend, in steps: a pair looked at, a row of a box asked, an entry of a table of counts passed. Once it is spent walks end
/// early, and what they counted is worthless.
class WalkBudget {
public:
  explicit WalkBudget(int64_t steps = std::numeric_limits<int64_t>::max(), int64_t bytes = std::numeric_limits<int64_t>::max()) : steps(steps), bytes(bytes) {}

  void spend(int64_t count) { steps -= count; }
  int64_t left() const { return steps; }
  /// Whether `count` more steps are there; where they are not, everything is spent: no need to begin.
  bool covers(int64_t count) {
    if (steps < count)
      steps = -1;
    return !isSpent();
  }
  /// Memory that a walk keeps; false where there is not so much of it.
  bool take(int64_t count) {
    bytes -= count;
    lacksMemory |= bytes < 0;
    return !isSpent();
  }
  void giveBack(int64_t count) { bytes += count; }
  bool isSpent() const { return steps < 0 || lacksMemory; }
  bool isOutOfMemory() const { return lacksMemory; }

private:
  int64_t steps, bytes;
  bool lacksMemory = false;
};

/// Arguments of a compiled function, as its packed form takes them.
class PackedArguments {
public:
  explicit PackedArguments(const std::vector<ProbeArgumentValue> &arguments);
  PackedArguments(const PackedArguments &) = delete;
  /// Where a further argument, or the result, lies.
  void push(void *word) { packed.push_back(word); }
  void **data() { return packed.data(); }

private:
  void pushTensor(const void *data, const std::vector<int64_t> &shape);

  std::vector<std::unique_ptr<int64_t>> words; ///< pieces of memref descriptors
  std::vector<std::vector<char>> scalars;
  std::vector<void *> packed;
};

/// One mask with its arguments: cheap to ask, one box at a time.
class BoundProbe {
public:
  using Function = void (*)(void **);
  static constexpr int64_t kCallSteps = 64; ///< what a box costs beside its rows
  BoundProbe(Function function, const std::vector<ProbeArgumentValue> &arguments, int64_t batch, int64_t head, int64_t queries, int64_t keys,
             WalkBudget *budget = nullptr);
  BoundProbe(const BoundProbe &) = delete;

  /// Class alone.
  ProbeClass classify(const ProbeBox &box) { return call(box, nullptr, 0, 0); }
  /// Class, and bits[(q - q0) * stride + k - k0] = 1 where the pair attends.
  ProbeClass bits(const ProbeBox &box, int8_t *bits, int64_t stride) { return call(box, bits, box.q1 - box.q0, stride); }
  void setHead(int64_t batch, int64_t head) { fixed[0] = batch, fixed[1] = head; }
  WalkBudget &budget() { return shared ? *shared : own; }

private:
  ProbeClass call(const ProbeBox &box, int8_t *bits, int64_t rows, int64_t columns);

  Function function;
  WalkBudget *shared, own; ///< `own` where none is given: no limit
  PackedArguments packed;
  std::array<int64_t, 4> fixed;
  std::array<int64_t, 4> ends{};
  std::array<int64_t, 7> bitsDescriptor{}; ///< pointer, pointer, offset, sizes, strides
  std::array<bool, 2> result{};
};

/// The compiled probes of one module.
class MaskProbe {
public:
  /// What the context of a probed module must know.
  static void registerDialects(mlir::DialectRegistry &registry);
  /// Passes from a module with attention ops to one with their probes; `libraries` are further mask library files, `rows` and `tile` as in attn-probe-masks.
  static mlir::LogicalResult makeProbes(mlir::ModuleOp module, llvm::ArrayRef<std::string> libraries, bool rows, int64_t tile = 0);
  /// Compiles a module of probes, which it consumes. Null after an error, which goes to the diagnostics of the module.
  static std::unique_ptr<MaskProbe> compile(mlir::ModuleOp probes, bool optimize);
  ~MaskProbe();

  /// The probe of attention op `number` of function `entry`; null where there is none.
  BoundProbe::Function find(llvm::StringRef entry, unsigned number) const { return lookup(probeName(entry, number)); }
  /// Numbers of queries and keys that it finds by its arguments; none where Q and K are arguments themselves, or their lengths depend on more than sizes.
  std::optional<std::pair<int64_t, int64_t>> lengths(llvm::StringRef entry, unsigned number, const std::vector<ProbeArgumentValue> &arguments) const;

  static std::string probeName(llvm::StringRef entry, unsigned number) { return (entry + ".probe" + llvm::Twine(number)).str(); }
  static std::string lengthsName(llvm::StringRef entry, unsigned number) { return (entry + ".lengths" + llvm::Twine(number)).str(); }

private:
  BoundProbe::Function lookup(llvm::StringRef name) const;
  explicit MaskProbe(std::unique_ptr<mlir::ExecutionEngine> engine);
  std::unique_ptr<mlir::ExecutionEngine> engine;
};

} // namespace lacuna
