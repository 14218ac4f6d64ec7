// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// lacuna-opt: any pass or pipeline on IR, like mlir-opt.
#include "lacuna/InitAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  lacuna::registerAllDialects(registry);
  lacuna::registerAllPasses();
  return mlir::failed(mlir::MlirOptMain(argc, argv, "Lacuna optimizer driver (version " LACUNA_VERSION ")\n", registry));
}
