# What `make install` puts in place: headers, libraries, files for pkg-config and CMake, the program, manual,
# completions.
set(libraries holdfast-static holdfast-shared)
set(modules holdfast)
if(TARGET holdfast-store-shared)
  list(APPEND libraries holdfast-store-static holdfast-store-shared)
  list(APPEND modules holdfast-store)
endif()
install(TARGETS ${libraries} EXPORT holdfast-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/holdfast DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/holdfast)
install(EXPORT holdfast-targets NAMESPACE holdfast:: FILE holdfast-config.cmake DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/holdfast-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/holdfast-config-version.cmake DESTINATION ${package})

# The prefix is found from where the .pc file lies, so that it is right under any prefix given at install time.
set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pc_to_prefix ${pc_dir} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
foreach(module ${modules})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${module}.pc.in ${PROJECT_BINARY_DIR}/${module}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${module}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

if(TARGET holdfast)
  install(TARGETS holdfast RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  # What the program is made of: its software bill of materials.
  set(sbom ${PROJECT_BINARY_DIR}/holdfast.spdx)
  add_custom_command(OUTPUT ${sbom} COMMAND ${PROJECT_SOURCE_DIR}/tools/sbom.sh $<TARGET_FILE:holdfast> ${PROJECT_VERSION} ${sbom}
                     DEPENDS holdfast ${PROJECT_SOURCE_DIR}/tools/sbom.sh ${PROJECT_SOURCE_DIR}/docs/licences.md
                     COMMENT "Writing holdfast.spdx" VERBATIM)
  add_custom_target(holdfast-sbom ALL DEPENDS ${sbom})
  install(FILES ${sbom} ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/docs/licences.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
foreach(section 1 3 5)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/completions/holdfast.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME holdfast OPTIONAL)
