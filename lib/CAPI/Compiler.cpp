// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C interface of the compiler over lib/Compiler.
#include "lacuna/Compiler.h"

#include "lib/Compiler/Compiler.h"
#include "lib/Target/Target.h"

#include "llvm/ADT/SmallVector.h"

#include <cstring>

using namespace lacuna;
using llvm::StringRef;

struct lacunaBuffer {
  std::string bytes;
};

namespace {

StringRef orEmpty(const char *text) { return text ? StringRef(text) : StringRef(); }

/// The caller's struct, cut or padded with zeros to the one this library was built with.
lacunaCompileOptions normalize(const lacunaCompileOptions *options) {
  lacunaCompileOptions full = {};
  if (options)
    std::memcpy(&full, options, std::min(options->struct_size, sizeof(full)));
  return full;
}

/// Nothing, after a diagnostic, if a value makes no sense.
std::optional<CompileOptions> convert(const lacunaCompileOptions &from, const DiagnosticCallback &diagnose) {
  CompileOptions options;
  if (from.targets) {
    llvm::SmallVector<StringRef> names;
    StringRef(from.targets).split(names, ',', -1, /*KeepEmpty=*/false);
    options.targets.assign(names.begin(), names.end());
  }
  options.entry = orEmpty(from.entry);
  options.scheduleFile = orEmpty(from.schedule_file);
  options.maskLibraries.assign(from.mask_library, from.mask_library + from.num_mask_libraries);
  options.ptxas = orEmpty(from.ptxas);
  options.embedSource = from.embed_source;
  options.batchInvariant = from.batch_invariant;
  options.reference = from.reference;
  options.raise = from.raise;
  if (std::optional<Emit> emit = parseEmit(from.emit ? from.emit : "artifact")) {
    options.emit = *emit;
    return options;
  }
  diagnose(Severity::Error, "emit: expects attn, tile, mlir, llvm, ptx, cubin, hsaco, asm, obj or artifact, but got '" + std::string(from.emit) + "'");
  return std::nullopt;
}

} // namespace

const char *lacunaCompilerVersion() { return LACUNA_VERSION; }

const char *lacunaCompilerTargets() {
  static const std::string names = targetNames();
  return names.c_str();
}

int lacunaCompile(const void *source, size_t size, const lacunaCompileOptions *given, lacunaBuffer **result) {
  if ((!source && size) || !result)
    return 1;
  *result = nullptr;
  lacunaCompileOptions options = normalize(given);
  DiagnosticCallback diagnose = [&](Severity severity, StringRef message) {
    if (options.diagnostic)
      options.diagnostic(options.user, static_cast<lacunaSeverity>(severity), message.str().c_str());
  };
  std::optional<CompileOptions> converted = convert(options, diagnose);
  if (!converted)
    return 1;
  StringRef name = options.source_name ? options.source_name : "<source>";
  std::optional<std::string> bytes = compile(StringRef(static_cast<const char *>(source), size), name, *converted, diagnose);
  if (!bytes)
    return 1;
  *result = new lacunaBuffer{std::move(*bytes)};
  return 0;
}

const void *lacunaBufferData(const lacunaBuffer *buffer) { return buffer->bytes.data(); }
size_t lacunaBufferSize(const lacunaBuffer *buffer) { return buffer->bytes.size(); }
void lacunaBufferDestroy(lacunaBuffer *buffer) { delete buffer; }
