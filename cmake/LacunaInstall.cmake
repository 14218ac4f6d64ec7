# find_package(Lacuna) gives Lacuna::Runtime and Lacuna::Compiler. Tools and libraries are installed where they are defined.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/Lacuna)
install(EXPORT LacunaTargets NAMESPACE Lacuna:: DESTINATION ${folder})
file(WRITE ${PROJECT_BINARY_DIR}/LacunaConfig.cmake "include(\${CMAKE_CURRENT_LIST_DIR}/LacunaTargets.cmake)\n")
write_basic_package_version_file(${PROJECT_BINARY_DIR}/LacunaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/LacunaConfig.cmake ${PROJECT_BINARY_DIR}/LacunaConfigVersion.cmake DESTINATION ${folder})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
