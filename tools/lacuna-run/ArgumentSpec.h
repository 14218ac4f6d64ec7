// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The grammar of --arg and of the argument attribute `attn.default`. Only text here: Values.h makes data of it.
//
//   VALUE     = GENERATOR | LIST | NUMBER | FILE
//   GENERATOR = ("randn" | "rand") ":" TYPE [":" SEED] | "randint" ":" TYPE ":" LIMIT [":" SEED]
//             | ("zeros" | "ones" | "arange") ":" TYPE
//   TYPE      = {SIZE "x"} DTYPE                          1x8x4096x128xbf16
//   LIST      = "[" [ITEM {"," ITEM}] "]"                 a tensor in the argument's type; lists in lists make more dimensions
//   ITEM      = NUMBER | LIST
//   FILE      = "@" PATH [":" KEY]                        of a safetensors file
#ifndef LACUNA_TOOLS_RUN_ARGUMENTSPEC_H
#define LACUNA_TOOLS_RUN_ARGUMENTSPEC_H

#include "RandomData.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <variant>

namespace lacuna::run {

struct Generator {
  Distribution distribution;
  lacunaDType dtype;
  std::vector<int64_t> shape;
  std::optional<uint64_t> seed;
  int64_t limit = 0; // of randint
};
/// Numbers stay text until the argument's type is known. Row-major.
struct NumberList {
  std::vector<std::string> numbers;
  std::vector<int64_t> shape;
};
struct Number {
  std::string text;
};
/// An empty key stands for the only tensor of the file.
struct FileTensor {
  std::string path, key;
};
using ArgumentSpec = std::variant<Generator, NumberList, Number, FileTensor>;

runtime::Result<ArgumentSpec> parseArgumentSpec(llvm::StringRef text);

/// NAME=VALUE, as of --arg and --out.
struct Assignment {
  std::string name, value;
};
runtime::Result<Assignment> parseAssignment(llvm::StringRef text);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_ARGUMENTSPEC_H
