// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The container: magic, header length, JSON header, aligned blobs. ArtifactHeader.cpp translates the header itself.
#include "runtime/Artifact.h"

#include "runtime/ArtifactHeader.h"

#include <cstring>

using namespace lacuna::runtime;

namespace {
constexpr char magic[8] = {'L', 'A', 'C', 'U', 'N', 'A', '\r', '\n'};
constexpr uint64_t preambleBytes = 16;
constexpr uint64_t blobAlignment = 64;
/// Far above any real header (embedded source included); bounds what a damaged length makes the reader allocate.
constexpr uint64_t maxHeaderBytes = uint64_t(64) << 20;

uint64_t alignUp(uint64_t value) { return (value + blobAlignment - 1) / blobAlignment * blobAlignment; }

Status invalid(std::string message) { return failure(LACUNA_INVALID_ARTIFACT, std::move(message)); }

/// The format says little endian whatever the host.
uint64_t readLength(const char *bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i)
    value = value << 8 | uint8_t(bytes[i]);
  return value;
}

std::vector<BlobRange> layOutBlobs(const Artifact &artifact, uint64_t begin) {
  std::vector<BlobRange> ranges;
  for (const Blob &blob : artifact.blobs) {
    ranges.push_back({begin, blob.bytes.size()});
    begin = alignUp(begin + blob.bytes.size());
  }
  return ranges;
}
} // namespace

void lacuna::runtime::assignOffsets(Entry &entry) {
  int64_t offset = 0;
  for (auto *list : {&entry.arguments, &entry.results})
    for (Argument &argument : *list) {
      argument.offset = offset;
      offset += 8 * argument.slots();
    }
  entry.parameterBytes = offset;
}

std::string lacuna::runtime::serialize(const Artifact &artifact) {
  // Offsets stand in the header whose length they depend on: reserve space, write, pad with blanks, or reserve more.
  std::string header = writeHeader(artifact, layOutBlobs(artifact, 0));
  uint64_t reserved = alignUp(preambleBytes + header.size());
  std::vector<BlobRange> ranges;
  do {
    ranges = layOutBlobs(artifact, reserved);
    header = writeHeader(artifact, ranges);
    if (preambleBytes + header.size() <= reserved)
      break;
    reserved += blobAlignment;
  } while (true);
  header.resize(reserved - preambleBytes, ' ');

  std::string file(magic, sizeof(magic));
  for (int i = 0; i < 8; ++i)
    file.push_back(char(uint64_t(header.size()) >> (8 * i)));
  file += header;
  for (size_t i = 0; i < ranges.size(); ++i) {
    file.resize(ranges[i].offset, '\0');
    file += artifact.blobs[i].bytes;
  }
  return file;
}

Result<Artifact> lacuna::runtime::parse(const void *bytes, size_t size) {
  const char *file = static_cast<const char *>(bytes);
  if (!file || size < preambleBytes)
    return invalid("artifact: expects at least 16 bytes, but got " + std::to_string(file ? size : 0));
  if (std::memcmp(file, magic, sizeof(magic)) != 0)
    return invalid("artifact: expects the magic bytes 'LACUNA\\r\\n' at the start, but got something else");
  uint64_t headerBytes = readLength(file + sizeof(magic));
  if (headerBytes > size - preambleBytes)
    return invalid("artifact: expects a header of " + std::to_string(headerBytes) + " bytes, but got a file of " +
                   std::to_string(size) + " bytes (truncated?)");
  if (headerBytes > maxHeaderBytes)
    return invalid("artifact: expects a header of at most " + std::to_string(maxHeaderBytes) + " bytes, but got " +
                   std::to_string(headerBytes));

  std::vector<BlobRange> ranges;
  Result<Artifact> artifact = readHeader(file + preambleBytes, headerBytes, ranges);
  if (!artifact.ok())
    return artifact;
  uint64_t copied = 0; // blobs that overlap could ask for far more memory than the file has
  for (size_t i = 0; i < ranges.size(); ++i) {
    const std::string where = "artifact: blobs[" + std::to_string(i) + "]";
    const BlobRange &range = ranges[i];
    if (range.offset < preambleBytes + headerBytes)
      return invalid(where + ": expects an offset after the header, which ends at " +
                     std::to_string(preambleBytes + headerBytes) + ", but got " + std::to_string(range.offset));
    if (range.offset % blobAlignment != 0)
      return invalid(where + ": expects a 64-byte aligned offset, but got " + std::to_string(range.offset));
    if (range.offset > size || range.size > size - range.offset)
      return invalid(where + ": expects to end inside the file of " + std::to_string(size) + " bytes, but got offset " +
                     std::to_string(range.offset) + " and size " + std::to_string(range.size) + " (truncated?)");
    copied += range.size;
    if (copied > size)
      return invalid(where + ": expects blobs that do not overlap, but got more bytes than the file has");
    artifact->blobs[i].bytes.assign(file + range.offset, range.size);
  }
  return artifact;
}
