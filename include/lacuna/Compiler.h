// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C interface of the Lacuna compiler: module text or bytecode in, an artifact out, which include/lacuna/Runtime.h runs.
// The shared library exports nothing but the functions below, keeps no state between calls and never ends the process
// on bad input. All functions may be called from several threads at once. (A link inside takes a lock: compilations run
// in parallel up to there.)
#ifndef LACUNA_COMPILER_H
#define LACUNA_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LACUNA_COMPILER_API __attribute__((visibility("default")))
#else
#define LACUNA_COMPILER_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// "0.1.0".
LACUNA_COMPILER_API const char *lacunaCompilerVersion(void);
// Names that `targets` below may list: "native, x86-64-v4, …".
LACUNA_COMPILER_API const char *lacunaCompilerTargets(void);

typedef enum lacunaSeverity { LACUNA_ERROR = 0, LACUNA_WARNING = 1, LACUNA_REMARK = 2 } lacunaSeverity;

// Receives "file:line:column: message" (notes on lines of their own); `message` lives as long as the call.
typedef void (*lacunaDiagnosticCallback)(void *user, lacunaSeverity severity, const char *message);

// Zero-initialise, set struct_size, and set what differs from the defaults; NULL stands for the default.
typedef struct lacunaCompileOptions {
  size_t struct_size;              // sizeof(lacunaCompileOptions), so that the struct can grow
  const char *source_name;         // stands for the source in diagnostics; "<source>"
  const char *targets;             // "x86-64-v4,x86-64-v3", best first; "native" (this machine's CPU)
  const char *entry;               // the only entry to compile; all public functions
  const char *emit;                // what to produce: "artifact", or a stage of lacuna-compile --emit
  const char *schedule_file;       // file with one #attn.schedule<…> for every attention op; the built-in table
  const char *const *mask_library; // files of further named masks
  size_t num_mask_libraries;
  const char *ptxas;      // NVIDIA's assembler; LACUNA_PTXAS, CUDA_HOME, PATH
  int32_t embed_source;   // put the source into the artifact
  int32_t batch_invariant; // tiles and splits of a sequence never depend on the rest of the batch
  int32_t reference;      // the naive lowering in f64: an oracle for tests
  lacunaDiagnosticCallback diagnostic; // NULL: diagnostics are lost
  void *user;                          // first argument of `diagnostic`
  int32_t raise; // find attention in linalg, tensor, arith and math first (raise-to-attn); near misses are remarks
} lacunaCompileOptions;

// Bytes that a compilation produced.
typedef struct lacunaBuffer lacunaBuffer;

// Compiles `size` bytes of module text or bytecode. Returns 0 and sets `*result`, or non-zero after at least one
// diagnostic of severity LACUNA_ERROR (none for a null argument). `options` may be NULL.
LACUNA_COMPILER_API int lacunaCompile(const void *source, size_t size, const lacunaCompileOptions *options,
                                      lacunaBuffer **result);

LACUNA_COMPILER_API const void *lacunaBufferData(const lacunaBuffer *buffer);
LACUNA_COMPILER_API size_t lacunaBufferSize(const lacunaBuffer *buffer);
// NULL is allowed.
LACUNA_COMPILER_API void lacunaBufferDestroy(lacunaBuffer *buffer);

#ifdef __cplusplus
}
#endif

#endif // LACUNA_COMPILER_H
