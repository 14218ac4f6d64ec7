// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Embedding Lacuna in a C program: loads an artifact, prints the arguments of an entry, fills them with a simple
// pattern, runs it and prints checksums of the results.
//
//   run_artifact FILE [--entry NAME] [--device cpu] [NAME=NUMBER | NAME=N0xN1x...]...
//
// NAME=4096 sets a scalar, NAME=1x32x4096x128 the sizes of a tensor. What is not given comes from the argument's
// default ("randn:1x32x4096x128xbf16:0", "4096", "[0, 512]"); a dynamic size without one is 64, a scalar 1.
#include <inttypes.h>
#include <lacuna/Runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RANK = 8 };

static void check(lacunaStatus status) {
  if (status == LACUNA_OK)
    return;
  fprintf(stderr, "run_artifact: error: %s\n", lacunaLastError());
  exit(1);
}

static void *allocate(size_t bytes) {
  void *memory = calloc(bytes ? bytes : 1, 1);
  if (memory)
    return memory;
  fprintf(stderr, "run_artifact: error: out of memory\n");
  exit(1);
}

//===--- Sizes and data -------------------------------------------------------------------------------------------===//

// What the command line says after "NAME=", else what stands in the artifact, else NULL.
static const char *setting(int argc, char **argv, const lacunaArgumentInfo *info) {
  size_t length = strlen(info->name);
  for (int i = 2; i < argc; ++i)
    if (strncmp(argv[i], info->name, length) == 0 && argv[i][length] == '=')
      return argv[i] + length + 1;
  return info->default_value;
}

// Length of a list "[a, b, c]".
static int64_t list_length(const char *text) {
  int64_t length = text[1] != ']';
  for (; *text; ++text)
    length += *text == ',';
  return length;
}

// Sizes of a tensor: fixed ones from the artifact, the others from `text` ("randn:1x8x…", "1x8x…", "[0, 8]") or 64.
static void choose_sizes(const lacunaArgumentInfo *info, const char *text, int64_t *sizes) {
  if (info->rank > MAX_RANK) {
    fprintf(stderr, "run_artifact: error: '%s' has rank %d, this example handles %d\n", info->name, info->rank,
            MAX_RANK);
    exit(1);
  }
  int is_list = text && *text == '[';
  const char *colon = text && !is_list ? strchr(text, ':') : NULL;
  const char *next = is_list ? NULL : colon ? colon + 1 : text;
  for (int32_t d = 0; d < info->rank; ++d) {
    int64_t size = is_list ? list_length(text) : 64;
    if (next && *next >= '0' && *next <= '9') {
      char *end;
      size = strtoll(next, &end, 10);
      next = *end == 'x' ? end + 1 : end;
    }
    sizes[d] = info->sizes[d] >= 0 ? info->sizes[d] : size;
  }
}

static int64_t count_elements(const int64_t *sizes, int32_t rank) {
  int64_t count = 1;
  for (int32_t d = 0; d < rank; ++d)
    count *= sizes[d];
  return count;
}

// bf16 is the upper half of f32. f16 by its formula; only for the normal numbers and zeros that we write and sum.
static double load(const char *data, lacunaDType dtype, int64_t i) {
  float wide;
  switch (dtype) {
  case LACUNA_F64:
    return ((const double *)data)[i];
  case LACUNA_F32:
    return ((const float *)data)[i];
  case LACUNA_BF16: {
    uint32_t bits = (uint32_t)((const uint16_t *)data)[i] << 16;
    memcpy(&wide, &bits, sizeof(wide));
    return wide;
  }
  case LACUNA_F16: {
    uint32_t half = ((const uint16_t *)data)[i], sign = (half & 0x8000) << 16, rest = half & 0x7fff;
    uint32_t bits = sign | (rest >= 0x400 ? (rest << 13) + ((127 - 15) << 23) : 0);
    memcpy(&wide, &bits, sizeof(wide));
    return wide;
  }
  case LACUNA_I64:
  case LACUNA_INDEX:
    return (double)((const int64_t *)data)[i];
  case LACUNA_I32:
    return ((const int32_t *)data)[i];
  case LACUNA_I16:
    return ((const int16_t *)data)[i];
  default:
    return ((const signed char *)data)[i];
  }
}

// Writes a float that f16 and bf16 hold exactly.
static void store_float(char *data, lacunaDType dtype, int64_t i, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  uint32_t sign = bits >> 16 & 0x8000, rest = bits & 0x7fffffff;
  if (dtype == LACUNA_F64)
    ((double *)data)[i] = value;
  else if (dtype == LACUNA_F32)
    ((float *)data)[i] = value;
  else if (dtype == LACUNA_BF16)
    ((uint16_t *)data)[i] = (uint16_t)(bits >> 16);
  else
    ((uint16_t *)data)[i] = (uint16_t)(sign | (rest ? (rest - ((127u - 15) << 23)) >> 13 : 0));
}

static void store_integer(char *data, lacunaDType dtype, int64_t i, int64_t value) {
  size_t bytes = lacunaDTypeSize(dtype); // little endian: the low bytes come first
  memcpy(data + (size_t)i * bytes, &value, bytes);
}

static int is_float(lacunaDType dtype) {
  return dtype == LACUNA_F64 || dtype == LACUNA_F32 || dtype == LACUNA_F16 || dtype == LACUNA_BF16;
}

// Floats: multiples of 1/8 from -2 to 2 in a pattern of period 33. Integers: the list in `text`, else 0, 1, 2, …
static void fill(char *data, lacunaDType dtype, int64_t count, const char *text) {
  const char *next = text && *text == '[' ? text + 1 : NULL;
  for (int64_t i = 0; i < count; ++i) {
    if (is_float(dtype)) {
      store_float(data, dtype, i, (float)(i * 7 % 33 - 16) / 8);
      continue;
    }
    int64_t value = dtype == LACUNA_I1 ? i % 2 : dtype == LACUNA_I8 ? i % 100 : i;
    if (next) {
      char *end;
      value = strtoll(next, &end, 10);
      next = *end == ',' ? end + 1 : end;
    }
    store_integer(data, dtype, i, value);
  }
}

//===--- The program ----------------------------------------------------------------------------------------------===//

static void print_info(const char *what, const lacunaArgumentInfo *info) {
  printf("%s %s: ", what, info->name);
  for (int32_t d = 0; d < info->rank; ++d) {
    if (info->sizes[d] < 0)
      printf("?x");
    else
      printf("%" PRId64 "x", info->sizes[d]);
  }
  printf("%s\n", lacunaDTypeName(info->dtype));
}

// The value of an argument; its sizes go to `sizes`.
static lacunaValue make_value(const lacunaArgumentInfo *info, const char *text, int64_t *sizes) {
  lacunaValue value;
  memset(&value, 0, sizeof(value));
  value.kind = info->kind;
  if (info->kind == LACUNA_SCALAR) {
    value.dtype = info->dtype;
    value.integer = text ? strtoll(text, NULL, 10) : 1;
    value.real = text ? strtod(text, NULL) : 1;
    return value;
  }
  choose_sizes(info, text, sizes);
  int64_t count = count_elements(sizes, info->rank);
  lacunaTensor tensor = {allocate((size_t)count * lacunaDTypeSize(info->dtype)), info->dtype, info->rank, sizes, NULL};
  fill(tensor.data, info->dtype, count, text);
  value.tensor = tensor;
  return value;
}

static void print_checksum(const lacunaArgumentInfo *info, const lacunaTensor *tensor) {
  double sum = 0, weighted = 0; // the second one notices elements in the wrong place
  int64_t count = count_elements(tensor->sizes, tensor->rank);
  for (int64_t i = 0; i < count; ++i) {
    double value = load(tensor->data, tensor->dtype, i);
    sum += value;
    weighted += value * (double)(i % 97);
  }
  printf("%s: %" PRId64 " elements, sum %.6g, weighted sum %.6g\n", info->name, count, sum, weighted);
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise) {
  for (int i = 2; i + 1 < argc; ++i)
    if (strcmp(argv[i], name) == 0)
      return argv[i + 1];
  return otherwise;
}

static void run_entry(lacunaProgram *program, lacunaDevice *device, int64_t entry, int argc, char **argv) {
  lacunaEntryInfo info;
  check(lacunaProgramEntry(program, entry, &info));
  printf("entry %s\n", info.name);
  lacunaValue *arguments = allocate((size_t)info.num_arguments * sizeof(*arguments));
  int64_t (*sizes)[MAX_RANK] = allocate((size_t)info.num_arguments * sizeof(*sizes));
  for (int64_t i = 0; i < info.num_arguments; ++i) {
    lacunaArgumentInfo argument;
    check(lacunaProgramArgument(program, entry, i, &argument));
    print_info("argument", &argument);
    arguments[i] = make_value(&argument, setting(argc, argv, &argument), sizes[i]);
  }

  // The artifact knows how big the results are for these arguments.
  int64_t ranks = 0;
  lacunaArgumentInfo result;
  for (int64_t i = 0; i < info.num_results; ++i) {
    check(lacunaProgramResult(program, entry, i, &result));
    ranks += result.rank;
  }
  int64_t *shapes = allocate((size_t)ranks * sizeof(*shapes)), *shape = shapes;
  lacunaTensor *results = allocate((size_t)info.num_results * sizeof(*results));
  check(lacunaResultShapes(program, device, entry, arguments, info.num_arguments, shapes));
  for (int64_t i = 0; i < info.num_results; ++i) {
    check(lacunaProgramResult(program, entry, i, &result));
    size_t bytes = (size_t)count_elements(shape, result.rank) * lacunaDTypeSize(result.dtype);
    lacunaTensor tensor = {allocate(bytes), result.dtype, result.rank, shape, NULL};
    results[i] = tensor;
    shape += result.rank;
  }

  lacunaTileCounts counts;
  lacunaRunOptions options = {sizeof(options), NULL, 0, NULL, &counts};
  check(lacunaRun(program, device, entry, arguments, info.num_arguments, results, info.num_results, &options));
  printf("tiles: %" PRId64 " full, %" PRId64 " partial\n", counts.full, counts.partial);
  for (int64_t i = 0; i < info.num_results; ++i) {
    check(lacunaProgramResult(program, entry, i, &result));
    print_checksum(&result, &results[i]);
    free(results[i].data);
  }
  for (int64_t i = 0; i < info.num_arguments; ++i)
    free(arguments[i].tensor.data);
  free(results);
  free(shapes);
  free(sizes);
  free(arguments);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: run_artifact FILE [--entry NAME] [--device cpu] [NAME=NUMBER | NAME=N0xN1x...]...\n");
    return 1;
  }
  lacunaProgram *program;
  lacunaDevice *device;
  int64_t entry, target;
  check(lacunaProgramLoadFile(argv[1], &program));
  check(lacunaDeviceOpen(option(argc, argv, "--device", "cpu"), &device));
  check(lacunaProgramFindEntry(program, option(argc, argv, "--entry", NULL), &entry));
  check(lacunaProgramPrepare(program, device, &target));
  lacunaTargetInfo info;
  check(lacunaProgramTarget(program, target, &info));
  printf("target %s (%s)\n", info.name, info.device);
  run_entry(program, device, entry, argc, argv);
  lacunaDeviceDestroy(device);
  lacunaProgramDestroy(program);
  return 0;
}
