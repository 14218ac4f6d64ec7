// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Internal: translation between Artifact and its JSON header. Only ArtifactHeader.cpp sees the JSON library.
#ifndef LACUNA_RUNTIME_ARTIFACTHEADER_H
#define LACUNA_RUNTIME_ARTIFACTHEADER_H

#include "runtime/Artifact.h"

namespace lacuna::runtime {

/// Where a blob's bytes are in the file.
struct BlobRange {
  uint64_t offset = 0, size = 0;
};

std::string writeHeader(const Artifact &artifact, const std::vector<BlobRange> &ranges);

/// Checks every member. Blobs come back with a kind but no bytes; `ranges` receives their unchecked places.
Result<Artifact> readHeader(const char *text, size_t size, std::vector<BlobRange> &ranges);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_ARTIFACTHEADER_H
