// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C interface: status, programs and what is in them. Translation only: handles and numbers are checked, errors become
// the thread's message, no exception reaches the caller.
#include "runtime/CApi.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

using namespace lacuna::runtime;

//===--- Status ---------------------------------------------------------------------------------------------------===//

static std::string &lastError() {
  thread_local std::string message;
  return message;
}

lacunaStatus lacuna::runtime::report(const Status &status) noexcept {
  if (!status.ok()) {
    try {
      lastError() = status.message;
    } catch (...) { // no memory for the message: the code has to do
      lastError().clear();
    }
  }
  return status.code;
}

const char *lacunaVersion(void) { return LACUNA_VERSION; }
const char *lacunaLastError(void) { return lastError().c_str(); }

//===--- Loading --------------------------------------------------------------------------------------------------===//

lacunaProgram::lacunaProgram(Artifact artifact) : program(std::move(artifact)) {
  for (const Target &target : program.contents().targets) {
    std::string text;
    for (const Kernel &kernel : target.kernels)
      text += (text.empty() ? "" : "\n") + kernel.schedule;
    schedules.push_back(std::move(text));
  }
}

static Status loadProgram(const void *bytes, size_t size, lacunaProgram **program) {
  Result<Artifact> artifact = parse(bytes, size);
  if (!artifact.ok())
    return artifact.status();
  *program = new lacunaProgram(std::move(*artifact));
  return success();
}

lacunaStatus lacunaProgramLoad(const void *bytes, size_t size, lacunaProgram **program) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(program); !status.ok())
      return status;
    *program = nullptr;
    return loadProgram(bytes, size, program);
  });
}

/// The whole file. Not by size first: pipes and special files have none.
static Result<std::string> readFile(const char *path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path, "rbe"), std::fclose);
  std::string bytes;
  errno = file ? 0 : errno;
  char buffer[1 << 16];
  while (file && !std::ferror(file.get()) && !std::feof(file.get()))
    bytes.append(buffer, std::fread(buffer, 1, sizeof(buffer), file.get()));
  if (!file || std::ferror(file.get()))
    return failure(LACUNA_IO_ERROR, std::string(path) + ": cannot be read: " + std::strerror(errno));
  return bytes;
}

lacunaStatus lacunaProgramLoadFile(const char *path, lacunaProgram **program) {
  return guarded([&]() -> Status {
    if (program)
      *program = nullptr;
    if (Status status = requireNonNull(path, program); !status.ok())
      return status;
    Result<std::string> bytes = readFile(path);
    if (!bytes.ok())
      return bytes.status();
    Status status = loadProgram(bytes->data(), bytes->size(), program);
    if (!status.ok())
      status.message = std::string(path) + ": " + status.message;
    return status;
  });
}

void lacunaProgramDestroy(lacunaProgram *program) { delete program; }

//===--- Contents -------------------------------------------------------------------------------------------------===//

const char *lacunaProgramProducer(const lacunaProgram *program) {
  return program ? program->program.contents().producer.c_str() : nullptr;
}

const char *lacunaProgramSourceHash(const lacunaProgram *program) {
  return program ? program->program.contents().sourceHash.c_str() : nullptr;
}

const char *lacunaProgramSource(const lacunaProgram *program) {
  return program && program->program.contents().source ? program->program.contents().source->c_str() : nullptr;
}

int64_t lacunaProgramNumEntries(const lacunaProgram *program) {
  return program ? int64_t(program->program.contents().entries.size()) : 0;
}

int64_t lacunaProgramNumTargets(const lacunaProgram *program) {
  return program ? int64_t(program->program.contents().targets.size()) : 0;
}

lacunaStatus lacunaProgramEntry(const lacunaProgram *program, int64_t entry, lacunaEntryInfo *info) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(program, info); !status.ok())
      return status;
    const auto &entries = program->program.contents().entries;
    if (Status status = requireIndex("entry", entry, entries.size()); !status.ok())
      return status;
    const Entry &found = entries[size_t(entry)];
    *info = {found.name.c_str(), int64_t(found.arguments.size()), int64_t(found.results.size())};
    return success();
  });
}

lacunaStatus lacunaProgramTarget(const lacunaProgram *program, int64_t target, lacunaTargetInfo *info) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(program, info); !status.ok())
      return status;
    const auto &targets = program->program.contents().targets;
    if (Status status = requireIndex("target", target, targets.size()); !status.ok())
      return status;
    const Target &found = targets[size_t(target)];
    *info = {found.name.c_str(), found.device.c_str(), program->schedules[size_t(target)].c_str()};
    return success();
  });
}

/// Argument or result number `index` of an entry.
static Status describe(const lacunaProgram *program, int64_t entry, const char *what,
                       std::vector<Argument> Entry::*list, int64_t index, lacunaArgumentInfo *info) {
  if (Status status = requireNonNull(program, info); !status.ok())
    return status;
  const auto &entries = program->program.contents().entries;
  if (Status status = requireIndex("entry", entry, entries.size()); !status.ok())
    return status;
  const std::vector<Argument> &arguments = entries[size_t(entry)].*list;
  if (Status status = requireIndex(what, index, arguments.size()); !status.ok())
    return status;
  const Argument &found = arguments[size_t(index)];
  *info = {found.name.c_str(),          found.kind,         found.dtype,
           int32_t(found.shape.size()), found.shape.data(), found.defaultValue ? found.defaultValue->c_str() : nullptr};
  return success();
}

lacunaStatus lacunaProgramArgument(const lacunaProgram *program, int64_t entry, int64_t argument,
                                   lacunaArgumentInfo *info) {
  return guarded([&] { return describe(program, entry, "argument", &Entry::arguments, argument, info); });
}

lacunaStatus lacunaProgramResult(const lacunaProgram *program, int64_t entry, int64_t result,
                                 lacunaArgumentInfo *info) {
  return guarded([&] { return describe(program, entry, "result", &Entry::results, result, info); });
}

static Status findEntry(const Artifact &artifact, const char *name, int64_t &entry) {
  std::string names;
  for (size_t i = 0; i < artifact.entries.size(); ++i) {
    if (name ? artifact.entries[i].name == name : artifact.entries.size() == 1) {
      entry = int64_t(i);
      return success();
    }
    names += (names.empty() ? "" : ", ") + artifact.entries[i].name;
  }
  return expectsButGot("entry", names.empty() ? "an artifact with entries" : "one of " + names,
                       name ? "'" + std::string(name) + "'" : "no name");
}

lacunaStatus lacunaProgramFindEntry(const lacunaProgram *program, const char *name, int64_t *entry) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(program, entry); !status.ok())
      return status;
    return findEntry(program->program.contents(), name, *entry);
  });
}
