# `make help` lists the targets. Each sets up what it needs, says what it does, and how long it took.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
ORACLES := .venv-oracles/bin
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The date of the last commit: the same commit gives the same bytes.
export SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

# $(call step,what it does,command): say it, do it, say how long it took.
step = echo "· $(1)"; start=$$(date +%s); { $(2); } || exit; echo "  done in $$(( $$(date +%s) - start )) s"

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

.PHONY: site
site: .venv/ready ## environment, figures and numbers, and the site in site/
	@$(BIN)/explainers build
	@echo "  open site/index.html, or run: make serve"

.PHONY: serve
serve: .venv/ready ## live preview while writing: a change of text or code shows at once
	@$(BIN)/explainers serve

.PHONY: test
test: site browser ## everything: style, types, all tests, the browser's too
	@$(call step,ruff,$(BIN)/ruff check . && $(BIN)/ruff format --check .)
	@$(call step,mypy,$(BIN)/mypy)
	@$(call step,tests,$(BIN)/pytest -q -n $(JOBS))

.PHONY: test-pythons
test-pythons: ## the build's tests on each further Python of this machine
	@$(call step,further Pythons,bash tools/pythons $(PYTHON) $(JOBS))

.PHONY: test-oracles
test-oracles: .venv-oracles/ready ## operators and counts against PyTorch, in an environment of its own
	@$(call step,oracles,$(ORACLES)/pytest -q tests/oracles)

.PHONY: bench
bench: .venv-oracles/ready ## time the operators against others, and networks in PyTorch; records both
	@$(call step,operators,$(ORACLES)/python -m tests.benchmarks.bench_operators)
	@$(call step,networks,$(ORACLES)/python -m tests.benchmarks.bench_forward)

.PHONY: lock
lock: .venv/ready ## renew the lock file from pyproject.toml
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile pyproject.toml --group site --group test --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -q --upgrade -o requirements/lock.txt

.PHONY: browser
browser: .venv/ready ## a Chromium for the tests, if there is none
	@tools/browser $(BIN)/python

.PHONY: release
release: .venv/ready ## record a release as commit and tag: make release VERSION=0.2.0
	@tools/release "$(VERSION)"

.PHONY: versions
versions: site ## put a copy of each release into site/, below its version
	@$(call step,released versions,tools/versions)

.PHONY: clean
clean: ## remove what was built, not the environments
	@if [ -x $(BIN)/explainers ]; then $(BIN)/explainers clean; fi
	@rm -rf site .artefacts .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/ready: requirements/lock.txt pyproject.toml
	@$(call step,environment (once),tools/environment $(PYTHON) .venv)
	@touch $@

.venv-oracles/ready: requirements/lock.txt requirements/oracles.txt pyproject.toml
	@$(call step,oracles' environment (once; PyTorch is large),tools/environment $(PYTHON) .venv-oracles requirements/oracles.txt)
	@touch $@
