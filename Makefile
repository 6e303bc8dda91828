# Every command that anyone needs. `make` alone prints them.
# Each target installs what it needs into .venv, from pyproject.toml.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help

# Read by the shell from the environment, so that no name of a folder is taken for its code.
export IMAGES NEW

.PHONY: help
help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  make %-16s %s\n", $$1, $$2 }'

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bria-tailored needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Run: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

.PHONY: install
install: $(INSTALLED) ## Install everything into .venv

.PHONY: demo
demo: $(INSTALLED) ## From a folder of pictures to on-brand ones; IMAGES=some/folder for your own
	@$(BIN)/bria-tailored demo $(if $(IMAGES),--images "$$IMAGES")

.PHONY: test
test: $(INSTALLED) ## Run the tests
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --quiet -m "not slow"

.PHONY: lint
lint: $(INSTALLED) ## Lint, and check the formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: type
type: $(INSTALLED) ## Check the types, with mypy and pyright
	@$(BIN)/mypy
	@$(BIN)/pyright --pythonpath $(BIN)/python

.PHONY: generate
generate: $(INSTALLED) ## Rebuild the document and the client
	@$(BIN)/python -m openapi.builder generate

.PHONY: check-generated
check-generated: $(INSTALLED) ## Fail if document or client differ from a fresh build
	@$(BIN)/python -m openapi.builder check

.PHONY: spec-diff
spec-diff: $(INSTALLED) ## Say what a new upstream document changes: NEW=file
	@$(BIN)/python -m openapi.builder diff $(if $(NEW),,$(error Name the new document: make spec-diff NEW=file)) "$$NEW"

.PHONY: spec-update
spec-update: $(INSTALLED) ## Replace the upstream document, regenerate, and check: NEW=file
	@$(BIN)/python -m openapi.builder update $(if $(NEW),,$(error Name the new document: make spec-update NEW=file)) "$$NEW"
	@$(MAKE) --no-print-directory check

.PHONY: drill
drill: $(INSTALLED) ## Run the slow drills, which `make test` leaves out
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --quiet -m slow

.PHONY: bench
bench: $(INSTALLED) ## Compare the stack with bare httpx, in a few minutes
	@$(BIN)/python -m benchmarks.requests

.PHONY: check
check: lint type check-generated test ## All that CI runs
