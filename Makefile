# `make help` lists the targets. Each sets up what it needs, says what it does, and how long it took.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
ORACLES := .venv-oracles/bin
# What is tested by whole builds takes about as long as all else, and bears on no number.
BUILDS := tests/builder tests/releasing
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# There is a process for each core: one thread in each, or they stand in each other's way.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

# $(call step,what it does,command): say it, do it, say how long it took.
step = echo "· $(1)"; start=$$(date +%s); { $(2); } || exit; echo "  done in $$(( $$(date +%s) - start )) s"

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

.PHONY: site
site: environment ## environment, figures and numbers, and the site in site/
	@$(BIN)/python -m explainers build
	@echo "  open site/index.html, or run: make serve"

.PHONY: serve
serve: environment ## live preview while writing: a change of text or code shows at once
	@$(BIN)/python -m explainers serve

.PHONY: test
test: site browser ## style, types, and all tests but the build's: numbers, pages, the browser's
	@$(call step,ruff,$(BIN)/ruff check . && $(BIN)/ruff format --check .)
	@$(call step,mypy,$(BIN)/mypy)
	@$(call step,tests,$(BIN)/pytest -q -n $(JOBS) --dist worksteal $(BUILDS:%=--ignore=%))

.PHONY: check
check: environment ## one chapter while you write it, without the browser: make check CHAPTER=cost [ONLY=id]
	@$(BIN)/python -m tools.check "$(CHAPTER)" "$(JOBS)" "$(ONLY)"

.PHONY: mutants
mutants: environment ## slips in a model that no test notices: make mutants CHAPTER=cost|all [N=20] [SEED=0]
	@$(BIN)/python -m tools.mutants "$(CHAPTER)" "$(N)" "$(SEED)" "$(JOBS)"

.PHONY: sweep
sweep: environment ## try every claim over all that its question asks; records what came out
	@$(call step,claims over all that is asked,$(BIN)/python -m explainers sweep --jobs $(JOBS))

# Maps of a few MB come and go a thousand times a second: what is free is kept, not given back.
.PHONY: trained
trained: export MALLOC_MMAP_THRESHOLD_ := 1000000000
trained: export MALLOC_TRIM_THRESHOLD_ := 1000000000
trained: environment ## train all networks; or one arm's with other seeds: make trained ONLY=arm SEEDS=a-b
	@$(call step,networks,$(BIN)/python -m explainers.trained --jobs $(JOBS) --only "$(ONLY)" --seeds "$(SEEDS)")

.PHONY: test-pythons
test-pythons: site ## the build's tests: kills, damage, releases; on each Python of this machine
	@$(call step,the build,$(BIN)/pytest -q -n $(JOBS) --dist worksteal $(BUILDS))
	@$(call step,further Pythons,bash tools/pythons $(PYTHON) $(JOBS))

.PHONY: test-oracles
test-oracles: oracles-environment ## operators, orders and counts against PyTorch and ONNX Runtime, in an environment of its own
	@$(call step,oracles,$(ORACLES)/pytest -q tests/oracles)

.PHONY: bench
bench: oracles-environment ## time the operators against others, and networks in PyTorch; records both
	@$(call step,operators,$(ORACLES)/python -m tests.benchmarks.bench_operators)
	@$(call step,networks,$(ORACLES)/python -m tests.benchmarks.bench_forward)
	@$(call step,poolings in networks,$(ORACLES)/python -m tests.benchmarks.bench_pools)

.PHONY: lock
lock: environment ## renew the lock files from pyproject.toml and oracles.in
	@bash tools/lock $(BIN)/python

.PHONY: browser
browser: environment ## a Chromium for the tests, if there is none
	@bash tools/browser $(BIN)/python

.PHONY: release
release: environment ## record a release as commit and tag: make release VERSION=0.2.0
	@bash tools/release "$(VERSION)"

.PHONY: zip
zip: site ## the whole site as one file, why-pooling.zip, for a room without network
	@$(BIN)/python -m explainers.releasing.releases pack site .

.PHONY: versions
versions: site ## what is published, in public/: the site with each release below its version
	@$(call step,released versions,bash tools/versions)

.PHONY: clean
clean: ## remove what was built, not the environments
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m explainers clean; fi
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: environment
environment:
	@bash tools/environment $(PYTHON) .venv

.PHONY: oracles-environment
oracles-environment:
	@bash tools/environment $(PYTHON) .venv-oracles oracles
