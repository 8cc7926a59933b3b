# Two commands are enough: `make run` (or `make run SITE=example.com`) and `make test`. The work is done by CMake and tools/.
.PHONY: help run build test bench fuzz soak coverage portability install format clean
SITE ?=
ARGS ?=
PEERS ?=
PREFIX ?= /usr/local
HOLDFAST = build/release/holdfast

help:
	@sed -n 's/^## //p' Makefile

## make run [SITE=host] [ARGS=...]   builds, then checks that site; without SITE a lab on this machine, offline
run: build
	@$(HOLDFAST) $(if $(SITE),check $(SITE),lab --check) $(ARGS)
	@$(if $(SITE)$(ARGS),,$(HOLDFAST) preload info || true)

## make build                        leaves build/release/holdfast and build/release/hf-vectors
build:
	@tools/packages.sh build
	@tools/build.sh release holdfast hf-vectors holdfast-shared holdfast-store-shared holdfast-sbom

## make test [PEERS=all]             everything; the last line is `N passed, N failed`. all: a skipped test is a failure
test:
	@tools/test.sh $(PEERS)

## make bench                        every benchmark beside its peer; writes bench/results.json
bench:
	@tools/packages.sh build bench
	@tools/build.sh release all && tools/bench.sh

## make fuzz, make soak              libFuzzer on each target for 10 seconds; 60, and 600 for those that changed, then tools/soak.sh
##                                   (FUZZ_SECONDS=N: N seconds each; FUZZ_SINCE=COMMIT: changed since then)
fuzz soak:
	@tools/packages.sh build test
	@tools/build.sh fuzz fuzzers && tools/fuzz.sh $(or $(FUZZ_SECONDS),$(if $(filter soak,$@),60 600,10))
	@$(if $(filter soak,$@),tools/soak.sh)

## make coverage                     the lines of the engine that the tests reach
coverage:
	@tools/packages.sh build test
	@tools/build.sh coverage all && tools/coverage.sh

## make portability                  the engine and its tests on i386, s390x, musl and Windows
portability:
	@tools/packages.sh build portability
	@tools/portability.sh

## make install [PREFIX=/usr/local] [DESTDIR=...]
install: build
	@DESTDIR="$(DESTDIR)" cmake --install build/release --prefix "$(PREFIX)"

## make format                       clang-format on all C sources
format:
	@tools/format.sh

## make clean                        removes build/
clean:
	@rm -rf build
