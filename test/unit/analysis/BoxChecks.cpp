// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "test/unit/analysis/BoxChecks.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include <cstdlib>

namespace lacuna::test {

int64_t setting(const char *name, int64_t otherwise) {
  const char *text = std::getenv(name);
  return text ? std::strtoll(text, nullptr, 10) : otherwise;
}

int64_t seed() {
  static int64_t value = setting("LACUNA_SEED", 20240607);
  return value;
}

TileClass::TileClass() {
  mlir::DialectRegistry registry;
  MaskProbe::registerDialects(registry);
  context.appendDialectRegistry(registry);
  context.disableMultithreading();
}

std::unique_ptr<MaskProbe> TileClass::compile(const std::vector<std::string> &sources, bool rows, int64_t tile) {
  std::string text;
  for (const std::string &source : sources)
    text += source;
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module || failed(MaskProbe::makeProbes(*module, {}, rows, tile)))
    return nullptr;
  return MaskProbe::compile(*module, /*optimize=*/false);
}

void checkBox(BoundProbe &probe, const ProbeBox &box, Counts &counts, bool mayDoubt, llvm::function_ref<std::string()> describe) {
  static std::vector<int8_t> bits(40 * 40);
  int64_t columns = box.k1 - box.k0, area = (box.q1 - box.q0) * columns;
  ProbeClass found = probe.bits(box, bits.data(), columns);
  int64_t attended = std::count(bits.begin(), bits.begin() + area, 1);
  ++counts.cases;
  bool uniform = attended == 0 || attended == area;
  bool wrong = (!found.any && attended != 0) || (found.all && attended != area) || (found.all && !found.any);
  counts.uniform += uniform;
  counts.doubtful += uniform && found.isPartial();
  bool fails = wrong || (!mayDoubt && uniform && found.isPartial());
  if (fails && counts.wrong++ < 3)
    ADD_FAILURE() << "box [" << box.q0 << ", " << box.q1 << ") x [" << box.k0 << ", " << box.k1 << "): " << attended << " of " << area
                  << " pairs attend, but the class is any = " << found.any << ", all = " << found.all << " (seed " << seed() << ") for "
                  << describe();
}

} // namespace lacuna::test
