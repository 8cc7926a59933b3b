# A folder of the house is one static library: hf_folder(NAME dependencies...) in the folder's CMakeLists.txt takes every .c
# file that stands there, so that adding a file needs no change to the build.
function(hf_folder name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(hf-${name} STATIC ${sources})
  target_include_directories(hf-${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(hf-${name} PRIVATE _POSIX_C_SOURCE=200809L)
  target_link_libraries(hf-${name} PUBLIC ${ARGN})
endfunction()
