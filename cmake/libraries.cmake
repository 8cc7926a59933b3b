# The libraries of others, each as a target PkgConfig::NAME. Which folder may use which: DESIGN of docs/architecture.md,
# kept by tests/meta/layers.sh. Their Debian packages: packages.txt. Their licences: docs/licences.md.
find_package(PkgConfig REQUIRED)
function(hf_library name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
endfunction()
hf_library(jansson jansson>=2.13)
hf_library(icu icu-uc>=72)
hf_library(psl libpsl>=0.21)
hf_library(uv libuv>=1.44)
hf_library(cares libcares>=1.18)
hf_library(nghttp2 libnghttp2>=1.52)
hf_library(curl libcurl>=7.85)
hf_library(openssl openssl>=3.0)
hf_library(crypto libcrypto>=3.0)
hf_library(plist libplist-2.0>=2.2)
hf_library(sqlite sqlite3>=3.40)
# The program's allocator: a probe is a thousand small allocations of OpenSSL's. Not where a sanitizer has its own. See
# docs/decisions/0006-probe-cost.md.
if(HOLDFAST_PLAIN)
  find_library(HOLDFAST_MIMALLOC mimalloc REQUIRED)
endif()
# hf_fast_allocator(TARGET): no call names the library, so the linker is told to keep it.
function(hf_fast_allocator target)
  if(HOLDFAST_PLAIN)
    target_link_options(${target} PRIVATE -Wl,--push-state,--no-as-needed ${HOLDFAST_MIMALLOC} -Wl,--pop-state)
  endif()
endfunction()
