// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C interface of the Lacuna runtime: loads artifacts (`.lacuna`), checks arguments and runs entries on a device.
// Plain C99, no LLVM, no Python; the shared library exports nothing but the functions below.
//
// * Every function that can fail returns a lacunaStatus; lacunaLastError() then says why, per thread.
// * Strings and arrays handed out belong to the object they came from and live as long as it does.
// * All functions may be called from several threads at once, on the same objects too. Destroy an object only when no
//   call uses it any more.
// * Enumerations are 32-bit integers, so that a number from outside is an error and not undefined behaviour.
// * An artifact is executable code: running one means trusting it like a program.
#ifndef LACUNA_RUNTIME_H
#define LACUNA_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LACUNA_API __attribute__((visibility("default")))
#else
#define LACUNA_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

//===--- Status and version ---------------------------------------------------------------------------------------===//

typedef int32_t lacunaStatus;
enum {
  LACUNA_OK = 0,
  LACUNA_INVALID_ARGUMENT = 1, // a value, shape, index or name the caller passed
  LACUNA_INVALID_ARTIFACT = 2, // the bytes are no artifact, are damaged, or have another major format version
  LACUNA_IO_ERROR = 3,         // a file or the operating system said no
  LACUNA_UNSUPPORTED = 4,      // this build, machine or artifact lacks the device, the target or a CPU feature
  LACUNA_OUT_OF_MEMORY = 5,
  LACUNA_EXECUTION_FAILED = 6, // the entry refused its arguments at run time, or a launch failed
  LACUNA_INTERNAL_ERROR = 7
};

// "0.1.0".
LACUNA_API const char *lacunaVersion(void);
// Message of the last call on this thread that failed ("" if none did); valid until the next one fails.
LACUNA_API const char *lacunaLastError(void);

//===--- Types ----------------------------------------------------------------------------------------------------===//

typedef int32_t lacunaDType;
enum {
  LACUNA_F64 = 1,
  LACUNA_F32 = 2,
  LACUNA_F16 = 3,
  LACUNA_BF16 = 4,
  LACUNA_I64 = 5,
  LACUNA_I32 = 6,
  LACUNA_I16 = 7,
  LACUNA_I8 = 8,
  LACUNA_I1 = 9,    // one byte per element, 0 or 1
  LACUNA_INDEX = 10 // 8 bytes, signed; interchangeable with LACUNA_I64
};

// "bf16", "index", …; NULL for a number that is none of the above.
LACUNA_API const char *lacunaDTypeName(lacunaDType dtype);
// Bytes of one element; 0 for a number that is none of the above.
LACUNA_API size_t lacunaDTypeSize(lacunaDType dtype);

typedef int32_t lacunaKind;
enum {
  LACUNA_MISSING = 0, // an argument value that was not given (zero-initialised)
  LACUNA_TENSOR = 1,
  LACUNA_SCALAR = 2
};

// A strided tensor in the memory of the device. Strides count elements; the last one must be 1 (unless the last size is
// at most 1). Memory outside is never touched. The runtime keeps no pointer after the run.
typedef struct lacunaTensor {
  void *data; // first element, aligned to the element; may be NULL if a size is 0
  lacunaDType dtype;
  int32_t rank;
  const int64_t *sizes;   // `rank` of them; may be NULL for rank 0
  const int64_t *strides; // `rank` of them; NULL means contiguous, last dimension fastest
} lacunaTensor;

// An argument: a tensor, or a scalar in `integer` (i1 … i64, index) or `real` (f16 … f64, rounded to nearest even).
typedef struct lacunaValue {
  lacunaKind kind;
  lacunaDType dtype;   // of a scalar
  lacunaTensor tensor; // of a tensor
  int64_t integer;
  double real;
} lacunaValue;

//===--- Programs -------------------------------------------------------------------------------------------------===//

// A parsed artifact plus the code of those targets that have been used.
typedef struct lacunaProgram lacunaProgram;

// Parses `size` bytes (copied; safe on any input).
LACUNA_API lacunaStatus lacunaProgramLoad(const void *bytes, size_t size, lacunaProgram **program);
LACUNA_API lacunaStatus lacunaProgramLoadFile(const char *path, lacunaProgram **program);
// NULL is allowed.
LACUNA_API void lacunaProgramDestroy(lacunaProgram *program);

// Who made the artifact ("lacuna 0.1.0"), the hash of its source, and its source text (NULL unless embedded).
LACUNA_API const char *lacunaProgramProducer(const lacunaProgram *program);
LACUNA_API const char *lacunaProgramSourceHash(const lacunaProgram *program);
LACUNA_API const char *lacunaProgramSource(const lacunaProgram *program);

typedef struct lacunaEntryInfo {
  const char *name;
  int64_t num_arguments;
  int64_t num_results;
} lacunaEntryInfo;

// One argument or result.
typedef struct lacunaArgumentInfo {
  const char *name;
  lacunaKind kind;
  lacunaDType dtype;
  int32_t rank;              // 0 for scalars
  const int64_t *sizes;      // `rank` of them, -1 where the caller chooses
  const char *default_value; // "randn:1x8x64x128xbf16:0", "4096", …; NULL if none
} lacunaArgumentInfo;

// A target: code for one chip. `schedule` joins its kernels' schedules, one per line.
typedef struct lacunaTargetInfo {
  const char *name;   // "x86-64-v4", "sm_90a", …
  const char *device; // "cpu", "cuda", "hip" or "emulate"
  const char *schedule;
} lacunaTargetInfo;

LACUNA_API int64_t lacunaProgramNumEntries(const lacunaProgram *program);
LACUNA_API int64_t lacunaProgramNumTargets(const lacunaProgram *program);
LACUNA_API lacunaStatus lacunaProgramEntry(const lacunaProgram *program, int64_t entry, lacunaEntryInfo *info);
LACUNA_API lacunaStatus lacunaProgramTarget(const lacunaProgram *program, int64_t target, lacunaTargetInfo *info);
LACUNA_API lacunaStatus lacunaProgramArgument(const lacunaProgram *program, int64_t entry, int64_t argument,
                                              lacunaArgumentInfo *info);
LACUNA_API lacunaStatus lacunaProgramResult(const lacunaProgram *program, int64_t entry, int64_t result,
                                            lacunaArgumentInfo *info);
// Number of the entry called `name`; NULL stands for the only entry. The error lists the names there are.
LACUNA_API lacunaStatus lacunaProgramFindEntry(const lacunaProgram *program, const char *name, int64_t *entry);

//===--- Devices --------------------------------------------------------------------------------------------------===//

typedef struct lacunaDevice lacunaDevice;

// `name` is "cpu", "cuda:N", "hip:N" or "emulate:CHIP".
LACUNA_API lacunaStatus lacunaDeviceOpen(const char *name, lacunaDevice **device);
// NULL is allowed. Programs that ran on the device keep what they need of it.
LACUNA_API void lacunaDeviceDestroy(lacunaDevice *device);

// Threads that later runs use, from 1 to 4096 (cpu, emulate). Without a call: the environment variable
// LACUNA_NUM_THREADS when the device is opened, else all CPUs of the process.
LACUNA_API lacunaStatus lacunaDeviceSetNumThreads(lacunaDevice *device, int64_t threads);
LACUNA_API lacunaStatus lacunaDeviceNumThreads(const lacunaDevice *device, int64_t *threads);

// Calls body(context, i) once for every i in [0, count), on any threads and in any order, and returns after the last.
typedef void (*lacunaParallelFor)(void *user, int64_t count, void (*body)(void *context, int64_t i), void *context);
// Lets later runs use the caller's threads, not the runtime's own; NULL goes back. lacunaDeviceSetNumThreads still says
// for how many threads the work is cut.
LACUNA_API lacunaStatus lacunaDeviceSetParallelFor(lacunaDevice *device, lacunaParallelFor parallel_for, void *user);

// Device memory, 64-byte aligned, and copies that have finished when they return. On cpu plain memory does as well.
LACUNA_API lacunaStatus lacunaDeviceAllocate(lacunaDevice *device, int64_t bytes, void **memory);
LACUNA_API lacunaStatus lacunaDeviceFree(lacunaDevice *device, void *memory);
LACUNA_API lacunaStatus lacunaDeviceCopyIn(lacunaDevice *device, void *to_device, const void *from, int64_t bytes);
LACUNA_API lacunaStatus lacunaDeviceCopyOut(lacunaDevice *device, void *to, const void *from_device, int64_t bytes);

//===--- Runs -----------------------------------------------------------------------------------------------------===//

// Chooses the program's first target that the device and this machine can run (the compiler lists the best first) and
// loads its code; the runs below do it on first use. `target`, if not NULL, receives its number.
LACUNA_API lacunaStatus lacunaProgramPrepare(lacunaProgram *program, lacunaDevice *device, int64_t *target);

// Sizes of all results one after the other, as many as their ranks add up to. Data pointers may be NULL here.
LACUNA_API lacunaStatus lacunaResultShapes(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                           const lacunaValue *arguments, int64_t num_arguments, int64_t *sizes);
// Bytes of workspace that a run with such arguments needs. Data pointers may be NULL here.
LACUNA_API lacunaStatus lacunaWorkspaceBytes(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                             const lacunaValue *arguments, int64_t num_arguments, int64_t *bytes);

// Tiles that a run's work items visit, summed over its launches (kernels with a cost function only).
typedef struct lacunaTileCounts {
  int64_t full;             // tiles computed without an elementwise mask
  int64_t partial;          // tiles computed with one
  int64_t total;            // all tiles, those never touched too; -1 if a counted kernel does not tell
  int64_t launches;         // kernel launches, empty grids included
  int64_t counted_launches; // those of kernels that can be counted, or with an empty grid
} lacunaTileCounts;

typedef struct lacunaRunOptions {
  size_t struct_size;       // sizeof(lacunaRunOptions), so that the struct can grow
  void *workspace;          // device memory, 64-byte aligned; NULL lets the runtime allocate and free per run
  int64_t workspace_bytes;  // of `workspace`
  void *stream;             // cuda and hip: the stream to launch on; ignored elsewhere
  lacunaTileCounts *counts; // out, may be NULL
} lacunaRunOptions;

// Runs entry number `entry`. Every argument and result is checked first: present, kind, dtype, rank, static sizes, last
// stride, alignment, null data; results must have exactly the sizes of lacunaResultShapes. `options` may be NULL.
// On cpu and emulate the run is over when the call returns; on cuda and hip it is queued on the stream.
LACUNA_API lacunaStatus lacunaRun(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                  const lacunaValue *arguments, int64_t num_arguments, const lacunaTensor *results,
                                  int64_t num_results, const lacunaRunOptions *options);

#ifdef __cplusplus
}
#endif

#endif // LACUNA_RUNTIME_H
