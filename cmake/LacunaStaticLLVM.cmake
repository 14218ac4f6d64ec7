# LacunaStaticLLVM: LLVM and MLIR inside a binary of ours; the linker takes what it needs from the archives. Their CMake targets are of no use
# here, since those of packaged builds name the shared LLVM. Development builds have it for liblacuna.so alone, if the archives are installed.
file(GLOB archives ${LLVM_LIBRARY_DIR}/libMLIR*.a ${LLVM_LIBRARY_DIR}/libLLVM*.a)
list(FILTER archives EXCLUDE REGEX "/libMLIR(CAPI|.*Test)")
find_library(LACUNA_ZLIB_ARCHIVE libz.a)
find_library(LACUNA_ZSTD_ARCHIVE libzstd.a)
if(NOT archives OR NOT LACUNA_ZLIB_ARCHIVE OR NOT LACUNA_ZSTD_ARCHIVE)
  if(LACUNA_STATIC_LLVM)
    message(FATAL_ERROR "LACUNA_STATIC_LLVM needs the static libraries of LLVM and MLIR (in ${LLVM_LIBRARY_DIR}), zlib and zstd")
  endif()
  message(STATUS "no static LLVM, MLIR, zlib or zstd: liblacuna.so is not built")
  return()
endif()
if(LACUNA_STATIC_LLVM)
  # Unused functions of ours would keep archives alive that nothing else needs (pass registration reaches all of MLIR).
  add_compile_options(-ffunction-sections -fdata-sections)
endif()

add_library(LacunaStaticLLVM INTERFACE)
string(REPLACE ";" "," group "${archives}")
target_link_libraries(LacunaStaticLLVM INTERFACE
  ${LACUNA_ZLIB_ARCHIVE} ${LACUNA_ZSTD_ARCHIVE} "$<LINK_GROUP:RESCAN,${group}>" ${CMAKE_DL_LIBS} m)
target_sources(LacunaStaticLLVM INTERFACE $<TARGET_OBJECTS:LacunaStaticLLVMParts>)  # lib/Support/StaticLLVM.cpp
target_link_options(LacunaStaticLLVM INTERFACE LINKER:--as-needed LINKER:--gc-sections)

# lld initialises every target that LLVM was built with. Those we never generate code for are left out: a fifth of the size.
set(LACUNA_LLVM_TARGETS AArch64 AMDGPU NVPTX X86)
set(unused ${LLVM_TARGETS_TO_BUILD})
list(REMOVE_ITEM unused ${LACUNA_LLVM_TARGETS})
list(TRANSFORM unused REPLACE "(.+)" "UNUSED(\\1)\n")
list(JOIN unused "" unused)
file(CONFIGURE OUTPUT lib/Support/UnusedTargets.inc CONTENT "${unused}" @ONLY)
