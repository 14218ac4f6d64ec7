# Finds the pinned LLVM/MLIR and declares the precompiled header every MLIR-side library shares.
file(STRINGS ${PROJECT_SOURCE_DIR}/llvm_version.txt LACUNA_LLVM_VERSION LIMIT_COUNT 1)
string(REGEX MATCH "^[0-9]+" LACUNA_LLVM_MAJOR ${LACUNA_LLVM_VERSION})
list(APPEND CMAKE_PREFIX_PATH /usr/lib/llvm-${LACUNA_LLVM_MAJOR})
find_package(MLIR REQUIRED CONFIG)
if(NOT LLVM_PACKAGE_VERSION VERSION_GREATER_EQUAL LACUNA_LLVM_VERSION OR NOT LLVM_VERSION_MAJOR EQUAL LACUNA_LLVM_MAJOR)
  message(FATAL_ERROR "Lacuna needs LLVM/MLIR ${LACUNA_LLVM_VERSION}, but found ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")
endif()
message(STATUS "LLVM/MLIR ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")

set(MLIR_BINARY_DIR ${PROJECT_BINARY_DIR})  # generated documentation lands in our build tree
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# lacuna_library(NAME sources… [LINK libs…] [DEPENDS targets…]): an MLIR-side static library with the shared precompiled header.
function(lacuna_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  lacuna_llvm_target(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# Flags, includes and the precompiled header of a target that uses MLIR.
function(lacuna_llvm_target name)
  target_include_directories(${name} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_compile_definitions(${name} PRIVATE ${LLVM_DEFINITIONS_LIST})
  if(name STREQUAL "LacunaPch")
    target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/lib/Support/Pch.h)
  else()
    target_precompile_headers(${name} REUSE_FROM LacunaPch)
  endif()
endfunction()
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND "${LLVM_DEFINITIONS}")

# Executables and shared libraries link LLVM once, here: shared for development, static for shipping.
include(LacunaStaticLLVM)
add_library(LacunaLLVM INTERFACE)
if(LACUNA_STATIC_LLVM)
  target_link_libraries(LacunaLLVM INTERFACE LacunaStaticLLVM)
else()
  target_link_libraries(LacunaLLVM INTERFACE MLIR LLVM)
endif()
