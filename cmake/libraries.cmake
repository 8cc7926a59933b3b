# The libraries of others, each as a target PkgConfig::NAME. Which folder may use which: DESIGN of docs/architecture.md, kept by
# tests/meta/layers.sh. Their Debian packages: packages.txt. Their licences: docs/licences.md.
find_package(PkgConfig REQUIRED)
function(hf_library name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
endfunction()
hf_library(jansson jansson>=2.13)
hf_library(icu icu-uc>=72)
hf_library(psl libpsl>=0.21)
hf_library(uv libuv>=1.44)
hf_library(cares libcares>=1.18)
hf_library(curl libcurl>=7.85)
hf_library(openssl openssl>=3.0)
