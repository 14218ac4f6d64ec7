# LLVM and MLIR inside our binaries: the linker takes what it needs from the archives. Their CMake targets are of no use here, since
# those of packaged builds name the shared LLVM.
find_package(ZLIB REQUIRED)
find_library(LACUNA_ZSTD zstd REQUIRED)
file(GLOB archives CONFIGURE_DEPENDS ${LLVM_LIBRARY_DIR}/libMLIR*.a ${LLVM_LIBRARY_DIR}/libLLVM*.a)
list(FILTER archives EXCLUDE REGEX "/libMLIR(CAPI|.*Test)")
# Unused functions of ours would keep archives alive that nothing else needs (pass registration reaches all of MLIR).
add_compile_options(-ffunction-sections -fdata-sections)
if(NOT archives)
  message(FATAL_ERROR "LACUNA_STATIC_LLVM needs the static libraries of LLVM and MLIR, but found none in ${LLVM_LIBRARY_DIR}")
endif()
string(REPLACE ";" "," group "${archives}")
target_link_libraries(LacunaLLVM INTERFACE "$<LINK_GROUP:RESCAN,${group}>" ZLIB::ZLIB ${LACUNA_ZSTD} ${CMAKE_DL_LIBS} m)
target_link_options(LacunaLLVM INTERFACE LINKER:--as-needed LINKER:--gc-sections)
