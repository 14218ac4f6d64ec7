// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lacuna-write-inputs FILE VALUE…: writes what generators of --arg make to a safetensors file, keys "0", "1", …
#include "Outputs.h"
#include "Safetensors.h"
#include "Values.h"

#include <cstdio>

using namespace lacuna::run;

int main(int argc, char **argv) {
  std::vector<HostValue> values;
  for (int i = 2; i < argc; ++i) {
    auto spec = parseArgumentSpec(argv[i]);
    lacunaArgumentInfo info = {};
    info.kind = LACUNA_TENSOR;
    if (auto *generator = spec.ok() ? std::get_if<Generator>(&*spec) : nullptr)
      info.dtype = generator->dtype;
    auto value = spec.ok() ? makeValue(*spec, info, 0) : spec.status();
    if (!value.ok()) {
      std::fprintf(stderr, "%s: %s\n", argv[i], value.status().message.c_str());
      return 1;
    }
    values.push_back(std::move(*value));
  }
  std::vector<NamedTensor> tensors;
  for (const HostValue &value : values)
    tensors.push_back({std::to_string(tensors.size()), &value.tensor});
  return argc > 1 && writeFile(argv[1], serializeSafetensors(tensors)).ok() ? 0 : 1;
}
