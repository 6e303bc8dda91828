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
	@# Three on two cores: many tests wait for sockets. Who has no more tests takes over others'.
	@# Compiled once, not by each of the hundred programs that tests start.
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses=3 --dist=worksteal --quiet -m "not slow"

.PHONY: lint
lint: $(INSTALLED) ## Lint, and check the formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

# The last step: do users' checkers know every type? It finds the packages by the python on PATH.
.PHONY: type
type: $(INSTALLED) ## Check the types, with mypy and pyright
	@$(BIN)/mypy
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; for package in bria_tailored bria_tailored_ext; do \
	  told=$$(pyright --ignoreexternal --verifytypes $$package) || { echo "$$told" | grep -e error: -e score; exit 1; }; \
	done

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
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses=2 --dist=worksteal --quiet -m slow

# schemathesis, Bria's own client, and Stoplight's Prism in a version for Node 18 and newer.
.peers/.installed: Makefile
	@$(PYTHON) -m venv .peers/venv
	@.peers/venv/bin/python -m pip install --quiet --disable-pip-version-check schemathesis==4.32.5 bria-client==0.3.1
	@mkdir -p .peers/node && cd .peers/node && npm install --no-audit --no-fund --loglevel=error @stoplight/prism-cli@5.14.2
	@touch $@

.PHONY: peers
peers: $(INSTALLED) .peers/.installed ## Check sandbox and client with others' programs; needs npm
	@BRIA_PEERS=1 $(BIN)/python -m pytest tests/peers --quiet

# The other contestants, with the very httpx and aiohttp that .venv has.
.bench/.installed: $(INSTALLED) Makefile
	@$(PYTHON) -m venv .bench
	@$(BIN)/python -m pip freeze | grep -iE '^(httpx|httpcore|h11|anyio|aiohttp|httpx-aiohttp|attrs)==' >.bench/same.txt
	@.bench/bin/python -m pip install --quiet --disable-pip-version-check --constraint .bench/same.txt bria-client==0.3.1 openai==3.54.0 httpx aiohttp httpx-aiohttp
	@touch $@

.PHONY: bench
bench: $(INSTALLED) .bench/.installed ## Measure against the others, in some minutes
	@$(BIN)/python -m benchmarks --quick

.PHONY: bench-full
bench-full: $(INSTALLED) .bench/.installed ## The same with everything, in an hour and a half
	@$(BIN)/python -m benchmarks --full

.PHONY: bench-polling
bench-polling: $(INSTALLED) ## Compare ways to poll under a budget, simulated, in a few minutes
	@$(BIN)/python -m benchmarks.polling

.PHONY: package
package: $(INSTALLED) ## Build wheel and sdist, and try them without the sources; ALL=1 for all tests
	@$(BIN)/python -m release package $(if $(ALL),--everything)

.PHONY: oldest
oldest: $(INSTALLED) ## The same with the oldest versions that are allowed
	@$(BIN)/python -m release oldest $(if $(ALL),--everything)

.PHONY: docs
docs: $(INSTALLED) ## Build the documentation into out/docs; a broken link fails
	@$(BIN)/sphinx-build -E -W -n --keep-going -q -b html docs out/docs

.PHONY: check
check: lint type check-generated test package oldest docs ## All that CI runs
