// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "EntryRun.h"

#include "JsonReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <chrono>
#include <thread>

using namespace lacuna::bench;
using namespace lacuna::runtime;

/// Workers of the side that ran before (OpenMP's above all) spin for some milliseconds in the hope of more work and
/// would take the cores away from the next one.
static constexpr std::chrono::milliseconds pauseBetweenSides(20);
/// Counting pairs is no measurement: it may be skipped.
static constexpr double densitySeconds = 30;

Result<std::string> lacuna::bench::readProgram(const Program &program, const std::string &folder) {
  if (program.text)
    return *program.text;
  llvm::SmallString<128> path(program.path);
  if (llvm::sys::path::is_relative(path)) {
    path = folder;
    llvm::sys::path::append(path, program.path);
  }
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return failure(LACUNA_IO_ERROR, "cannot read '" + program.path + "': " + file.getError().message());
  return (*file)->getBuffer().str();
}

std::unique_ptr<Side> EntryRun::makeSide(const SideSpec &spec) const { return std::make_unique<Side>(spec, workplace); }

Json EntryRun::request(const SideSpec &spec, const std::string &inputs) const {
  Json threads = workplace.threads ? Json(*workplace.threads) : Json();
  if (spec.isPython())
    return {{"do", "prepare"},
            {"kind", sideKindName(spec.kind)},
            {"function", spec.function},
            {"inputs", inputs},
            {"scalars", memberOf(program, "scalars")},
            {"formula", entry.formula},
            {"layout", entry.layout},
            {"device", workplace.device},
            {"threads", threads}};
  bool reference = spec.kind == SideKind::Reference;
  return {{"do", "prepare"},
          {"name", spec.program.path},
          {"entry", spec.program.entry},
          {"arguments", spec.program.arguments},
          {"mask_libraries", entry.maskLibraries},
          {"schedule", reference ? "" : entry.schedule},
          {"device", reference ? "cpu" : workplace.device},
          {"threads", threads},
          {"reference", reference},
          {"drop_masks", spec.dropMasks},
          {"inputs", inputs.empty() ? Json() : Json(inputs)}};
}

bool EntryRun::prepareLacuna(Side &side, const std::string &inputs) {
  Json message = request(side.spec, inputs);
  Result<std::string> source = readProgram(side.spec.program, workplace.suiteFolder);
  if (!source.ok()) {
    side.status = "compile_fail";
    side.error = source.status().message;
    return false;
  }
  message["source"] = *source;
  return side.prepare(message);
}

bool EntryRun::preparePython(Side &side, const std::string &inputs) { return side.prepare(request(side.spec, inputs)); }

/// False if ours failed: then there is nothing to compare, and the others are not run.
bool EntryRun::prepareAll() {
  bool python = llvm::any_of(sides, [](const auto &side) { return side->spec.isPython(); });
  std::string inputs = python ? workplace.temporary + "/inputs.safetensors" : "";
  Side &ours = *sides[0];
  SideSpec giver = ours.spec;
  giver.kind = SideKind::Lacuna;
  giver.program = entry.program;
  giver.timeout = std::max(giver.timeout, 120.0); // it is not what is judged
  std::unique_ptr<Side> gives = ours.spec.isPython() ? makeSide(giver) : nullptr;
  Side &first = gives ? *gives : ours;
  if (!prepareLacuna(first, inputs)) {
    ours.status = first.status;
    ours.error = first.error;
    return false;
  }
  program = first.facts;
  if (gives) {
    lookAtMask(*gives);
    gives.reset();
    if (!preparePython(ours, inputs))
      return false;
  }
  std::vector<Side *> all = allSides();
  for (Side *side : llvm::ArrayRef(all).drop_front())
    (void)(side->spec.isPython() ? preparePython(*side, inputs) : prepareLacuna(*side, ""));
  return true;
}

std::vector<Side *> EntryRun::allSides() const {
  std::vector<Side *> all;
  for (const auto &side : sides)
    all.push_back(side.get());
  for (Side *part : {selection.get(), index.get()})
    if (part)
      all.push_back(part);
  return all;
}

void EntryRun::warmUp() {
  int64_t most = 0;
  for (Side *side : allSides())
    most = std::max(most, side->spec.warmup);
  for (int64_t i = 0; i < most && sides[0]->isAlive(); ++i)
    for (Side *side : allSides())
      if (i < side->spec.warmup)
        (void)side->run(/*timed=*/false);
}

/// Ends early with ours.
void EntryRun::runTrials(int64_t factor) {
  int64_t most = 0;
  for (Side *side : allSides())
    most = std::max(most, side->spec.trials * factor);
  for (int64_t i = 0; i < most && sides[0]->isAlive(); ++i)
    for (Side *side : allSides()) {
      if (!side->isAlive() || i >= side->spec.trials * factor)
        continue;
      std::this_thread::sleep_for(pauseBetweenSides);
      (void)side->run(/*timed=*/true);
    }
}

/// Once, with twice the trials; what fluctuates then is marked.
void EntryRun::repeatIfFluctuating() {
  std::vector<Side *> all = allSides();
  if (!sides[0]->isAlive() || !llvm::any_of(all, [](Side *side) { return side->isAlive() && side->isFluctuating(); }))
    return;
  for (Side *side : all) {
    side->seconds.clear();
    side->deviceSeconds.clear();
  }
  runTrials(2);
}

/// That pairs cannot be counted is no failure of the side.
void EntryRun::lookAtMask(Side &side) {
  std::string status = side.status, error = side.error;
  Json share = side.ask({{"do", "density"}, {"seconds", densitySeconds}});
  side.status = status;
  side.error = error;
  if (memberOf(share, "density").is_number())
    density = share["density"].get<double>();
  if (memberOf(share, "picture").is_string())
    picture = share["picture"].get<std::string>();
}

void EntryRun::measure() {
  sides.push_back(makeSide(entry.ours));
  for (const SideSpec &baseline : entry.baselines)
    sides.push_back(makeSide(baseline));
  for (auto [part, made] : {std::pair(&entry.selection, &selection), std::pair(&entry.index, &index)}) {
    if (!*part)
      continue;
    SideSpec spec = entry.ours;
    spec.kind = SideKind::Lacuna;
    spec.program = **part;
    *made = makeSide(spec);
  }
  if (!prepareAll())
    return;
  warmUp();
  runTrials(1);
  repeatIfFluctuating();
  for (Side *side : allSides())
    (void)side->finish();
  if (sides[0]->isAlive() && !sides[0]->spec.isPython())
    lookAtMask(*sides[0]);
  for (Side *side : allSides())
    side->stop();
}
