// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "EntryReader.h"

#include "AttentionProgram.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace lacuna::bench;
using llvm::StringRef;

static const char *const torchSides[] = {"torch_eager", "torch_compile", "sdpa", "flex"};
static constexpr const char *knownBaselines = "dense, reference, torch_eager, torch_compile, sdpa, flex";

/// What a line of a table or a log can carry.
static bool isName(StringRef text) {
  return !text.trim().empty() && text.size() <= 200 &&
         llvm::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f && c != '|'; });
}

/// module:function, both of Python's words.
static bool isFunction(StringRef text) {
  auto [module, function] = text.split(':');
  auto isWord = [](StringRef word) {
    return !word.empty() && !llvm::isDigit(word[0]) &&
           llvm::all_of(word, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  };
  llvm::SmallVector<StringRef> words;
  module.split(words, '.');
  return isWord(function) && llvm::all_of(words, isWord);
}

std::string EntryReader::readFunction(ObjectReader &from, const char *key) {
  std::string function = from.text(key);
  if (!function.empty() && !isFunction(function))
    from.problem(key, "expects module:function, but got '" + function + "'");
  return function;
}

std::vector<std::string> EntryReader::readArguments(ObjectReader &from) {
  std::vector<std::string> arguments;
  const Json *list = from.take("arguments");
  if (list && !list->is_object())
    from.expects("arguments", "an object", *list);
  if (!list || !list->is_object())
    return arguments;
  for (const auto &[name, value] : list->items()) {
    if (value.is_string() || value.is_number() || value.is_array())
      arguments.push_back(name + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
    else
      from.expects("arguments." + name, "a text, a number or a list", value);
  }
  return arguments;
}

Program EntryReader::readProgram(ObjectReader &from, const std::string &place, const std::optional<std::string> &mask) {
  const Json *attention = from.take("attention");
  Program program;
  program.path = from.text("program");
  program.entry = from.text("entry");
  program.arguments = readArguments(from);
  if (attention && from.has("program"))
    problems.add(place, "has both \"program\" and \"attention\"");
  else if (attention && (from.has("entry") || from.has("arguments")))
    problems.add(place, "has \"attention\", which takes no \"entry\" and no \"arguments\"");
  else if (attention)
    return makeAttentionProgram(*attention, place + ".attention", problems, mask);
  else if (!from.has("program"))
    problems.add(place, "needs \"program\" or \"attention\"");
  return program;
}

std::optional<Program> EntryReader::readPart(const char *key) {
  const Json *part = reader.take(key);
  if (!part)
    return std::nullopt;
  ObjectReader from(*part, reader.path(key), problems);
  Program program = readProgram(from, reader.path(key));
  from.finish();
  return program;
}

void EntryReader::readNumbers(ObjectReader &from, SideSpec &side, bool isEntry) {
  std::optional<int64_t> trials = from.integer("trials", 1, 1000000), warmup = from.integer("warmup", 0, 1000000);
  std::optional<double> timeout = from.number("timeout_seconds");
  bool once = side.kind == SideKind::Reference && !isEntry; // slow by design: only its own numbers count
  if (!once || trials)
    side.trials = options.trials && !once ? *options.trials : trials.value_or(side.trials);
  if (!once || warmup)
    side.warmup = options.warmup && !once ? *options.warmup : warmup.value_or(side.warmup);
  side.timeout = timeout.value_or(side.timeout);
}

void EntryReader::readOurs() {
  SideSpec &ours = entry.ours;
  ours = {"ours", SideKind::Lacuna, "", entry.program, false, 5, 3, 120};
  readNumbers(reader, ours, true);
  const Json *other = reader.take("ours");
  if (!other)
    return;
  ObjectReader from(*other, reader.path("ours"), problems);
  ours.kind = SideKind::Python;
  ours.function = readFunction(from, "python");
  if (!from.has("python"))
    from.problem("", "expects {\"python\": \"module:function\"}");
  from.finish();
}

Program EntryReader::denseProgram(bool &dropMasks) {
  const Json *dense = reader.take("dense");
  dropMasks = !dense;
  if (!dense)
    return entry.program;
  std::string place = reader.path("dense");
  ObjectReader from(*dense, place, problems);
  bool hasMask = from.has("mask"), hasAttention = reader.has("attention");
  std::string mask = from.text("mask");
  Program program = entry.program;
  if (hasMask && hasAttention && json["attention"].is_object())
    program = makeAttentionProgram(json["attention"], where + ".attention", problems, mask);
  else if (hasMask)
    from.problem("mask", "needs the entry's \"attention\"; with \"program\" give another \"program\"");
  else
    program = readProgram(from, place);
  from.finish();
  return program;
}

/// One of the names that need no more than a name.
void EntryReader::chooseSide(SideSpec &side, ObjectReader &from, const std::string &place, const std::string &what) {
  side.name = what;
  if (what == "dense") {
    side.kind = SideKind::Dense;
    side.program = denseProgram(side.dropMasks);
  } else if (what == "reference") {
    side.kind = SideKind::Reference;
    side.program = entry.program;
    side.trials = 1;
    side.warmup = 0;
  } else if (llvm::is_contained(torchSides, what)) {
    side.kind = SideKind::Torch;
    side.function = what;
  } else {
    problems.add(place, "is no known baseline: expects one of " + std::string(knownBaselines) +
                            ", or an object with \"python\" or \"program\", but got '" + what + "'");
  }
}

SideSpec EntryReader::readBaseline(const Json &item, const std::string &place) {
  SideSpec side = entry.ours;
  side.function.clear();
  Json object = item.is_string() ? Json{{"name", item}} : item;
  ObjectReader from(object, place, problems);
  if (!object.is_object())
    return side;
  side.name = from.text("name");
  if (!from.has("name"))
    from.problem("", "needs a \"name\"");
  if (from.has("python") && from.has("program")) {
    from.problem("", "has both \"python\" and \"program\"");
  } else if (from.has("python")) {
    side.kind = SideKind::Python;
    side.function = readFunction(from, "python");
  } else if (from.has("program")) {
    side.kind = SideKind::Lacuna;
    side.program = readProgram(from, place);
  } else if (!side.name.empty()) {
    chooseSide(side, from, item.is_string() ? place : place + ".name", side.name);
  }
  readNumbers(from, side, false);
  from.take("python"), from.take("program");
  from.finish();
  return side;
}

void EntryReader::readBaselines() {
  static const Json otherwise = {"dense", "reference"};
  const Json *list = reader.take("baselines");
  if (list && !list->is_array())
    return reader.expects("baselines", "a list", *list);
  if (!list)
    list = &otherwise;
  std::set<std::string> names = {"ours"};
  for (size_t i = 0; i < list->size(); ++i) {
    std::string place = reader.path("baselines") + "[" + std::to_string(i) + "]";
    SideSpec side = readBaseline((*list)[i], place);
    if (!side.name.empty() && !isName(side.name))
      problems.add(place, "expects a name of printable characters without |, but got " + show(Json(side.name)));
    else if (!side.name.empty() && !names.insert(side.name).second)
      problems.add(place, "'" + side.name + "' is there twice");
    entry.baselines.push_back(std::move(side));
  }
}

void EntryReader::readDevices() {
  entry.devices = reader.texts("devices");
  for (const std::string &device : entry.devices)
    if (device != "cpu" && device != "cuda" && device != "hip" && device != "emulate")
      reader.problem("devices", "expects some of cpu, cuda, hip, emulate, but got '" + device + "'");
}

Entry EntryReader::read() {
  entry.name = reader.text("name");
  if (!reader.has("name"))
    reader.problem("", "needs a \"name\"");
  else if (!entry.name.empty() && !isName(entry.name))
    reader.problem("name", "expects printable characters without |, but got " + show(Json(entry.name)));
  entry.source = reader.text("source");
  entry.note = reader.text("note");
  entry.program = readProgram(reader, where);
  entry.approximate = reader.flag("approximate", false);
  entry.formula = readFunction(reader, "formula");
  entry.layout = reader.text("layout", "bhsd");
  if (entry.layout != "bhsd" && entry.layout != "bshd" && entry.layout != "shd")
    reader.problem("layout", "expects one of bhsd, bshd, shd, but got '" + entry.layout + "'");
  entry.lse = reader.text("lse", reader.has("attention") ? "result1" : "");
  entry.schedule = reader.text("schedule");
  entry.maskLibraries = reader.texts("mask_libraries");
  entry.selection = readPart("selection");
  entry.index = readPart("index");
  readDevices();
  readOurs();
  readBaselines();
  reader.take("dense"); // also where no baseline runs it
  reader.take("published"), reader.take("trials"), reader.take("warmup"), reader.take("timeout_seconds");
  reader.finish();
  entry.text = json.dump();
  return std::move(entry);
}
