# A folder of src is one static library: hf_folder(NAME dependencies...) in the folder's CMakeLists.txt takes every .c
# file that stands there, so that adding a file needs no change to the build. The engine comes along by itself.
function(hf_folder name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(hf-${name} STATIC ${sources})
  target_include_directories(hf-${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(hf-${name} PRIVATE _POSIX_C_SOURCE=200809L)
  target_link_libraries(hf-${name} PUBLIC holdfast-static ${ARGN})
  set_property(GLOBAL APPEND PROPERTY HOLDFAST_FOLDERS hf-${name})
endfunction()

# How a test, fuzz target or benchmark is called that needs more than the engine: after a folder of src, or after
# formats.
file(GLOB HOLDFAST_SRC_PREFIXES CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/src/*/)
list(FILTER HOLDFAST_SRC_PREFIXES EXCLUDE REGEX "CMakeLists")
list(APPEND HOLDFAST_SRC_PREFIXES formats)
list(JOIN HOLDFAST_SRC_PREFIXES "|" HOLDFAST_SRC_PREFIXES)

# What a test, fuzz target or program named NAME is linked with: all of src when the name begins with a folder of src,
# the store when it begins with `store`, else the engine alone. See docs/testing.md.
function(hf_link target name)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  if(name MATCHES "^(${HOLDFAST_SRC_PREFIXES})(_|$)")
    hf_link_src(${target})
  elseif(name MATCHES "^store(_|$)")
    target_compile_definitions(${target} PRIVATE _XOPEN_SOURCE=700 _FILE_OFFSET_BITS=64)
    target_link_libraries(${target} PRIVATE holdfast-store-static)
  else()
    target_link_libraries(${target} PRIVATE holdfast-static)
  endif()
endfunction()

function(hf_link_src target)
  get_property(folders GLOBAL PROPERTY HOLDFAST_FOLDERS)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L)
  target_link_libraries(${target} PRIVATE ${folders} holdfast-formats holdfast-store-static holdfast-static)
endfunction()
