// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A host object (shared object in an artifact) loaded into this process without touching the file system.
#ifndef LACUNA_RUNTIME_HOSTOBJECT_H
#define LACUNA_RUNTIME_HOSTOBJECT_H

#include "runtime/Status.h"

namespace lacuna::runtime {

class HostObject {
public:
  /// Loads the bytes of an ELF shared object; `name` is for messages.
  static Result<HostObject> load(const std::string &elf, const std::string &name);

  HostObject(HostObject &&other);
  HostObject &operator=(HostObject &&) = delete;
  ~HostObject();

  /// Address of a function or variable; nullptr if the object does not define it.
  void *find(const std::string &symbol) const;

  /// As above; a missing symbol is an error that names it.
  template <typename Function> Status resolve(const std::string &symbol, Function &function) const {
    function = reinterpret_cast<Function>(find(symbol));
    return function ? success() : missing(symbol);
  }

private:
  HostObject(void *handle, int file, std::string name) : handle(handle), file(file), name(std::move(name)) {}
  Status missing(const std::string &symbol) const;

  void *handle;
  int file; // stays open: see load()
  std::string name;
};

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_HOSTOBJECT_H
