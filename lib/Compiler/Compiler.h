// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler as a library: module text or bytecode in, an artifact (or any stage on the way to it) out. Keeps no global state, may
// run in several threads at once, and reports through a callback. include/lacuna/Compiler.h is the C interface to it.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lacuna {

/// What comes out. All but Artifact and Obj, Cubin, Hsaco are text.
enum class Emit { Attn, Tile, Mlir, Llvm, Ptx, Cubin, Hsaco, Asm, Obj, Artifact };

/// "attn", "tile", …, or nothing for an unknown name.
std::optional<Emit> parseEmit(llvm::StringRef name);
bool isText(Emit emit);

struct CompileOptions {
  std::vector<std::string> targets{"native"}; ///< best first; only an artifact holds more than one
  std::string entry;                          ///< the only entry to compile; empty: all
  std::string scheduleFile;                   ///< file with one #attn.schedule<…> for all ops; empty: lib/Target's table
  std::vector<std::string> maskLibraries;     ///< files searched before the built-in masks
  std::string ptxas;                          ///< program; empty: LACUNA_PTXAS, CUDA_HOME, PATH
  Emit emit = Emit::Artifact;
  bool reference = false;      ///< the naive lowering in f64 (targets: CPUs)
  bool dropMasks = false;      ///< every attention attends everything: what benchmarks compare with
  bool embedSource = false;    ///< put the source text in the artifact
  bool raise = false;          ///< find attention in upstream ops first (raise-to-attn); what was nearly one is a remark
  bool batchInvariant = false; ///< tiles and splits never depend on the other sequences of a batch
};

enum class Severity { Error, Warning, Remark };

/// Receives "file:line:column: message" (without the severity), notes on lines of their own.
using DiagnosticCallback = std::function<void(Severity, llvm::StringRef message)>;

/// Compiles `source` (text or bytecode); `name` stands for it in diagnostics. Nothing on failure, after at least one error.
/// Linking resets the values of all llvm::cl options of the process: read yours before.
std::optional<std::string> compile(llvm::StringRef source, llvm::StringRef name, const CompileOptions &options,
                                   const DiagnosticCallback &diagnose);

} // namespace lacuna
