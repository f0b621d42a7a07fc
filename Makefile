# One word for each chore; `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# These tests mostly wait, for servers and for other processes: two files at a time take half as long.
WAITING := tests/docs tests/integration tests/sim

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help venv demo test check bench constraints clean

help:  ## List the chores
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(VENV)/.installed-test  ## Make .venv with everything that the tests need

demo: $(VENV)/.installed  ## Run the payment simulation, with no Kafka at hand
	$(BIN)/python -m gatlingpy run simulations.payment

test: $(VENV)/.installed-test  ## Check the code and run every test
	$(MAKE) check
	$(BIN)/python -m pytest -n 2 --dist loadfile $(WAITING)
	$(BIN)/python -m pytest $(WAITING:%=--ignore=%)

check: $(VENV)/.installed-test  ## Lint, format, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-test  ## Measure; results belong in docs/performance.md
	$(BIN)/python -m benchmarks

constraints:  ## Pin what a fresh environment resolves to today
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip --disable-pip-version-check --quiet install -e '.[test]'
	{ grep '^#' constraints.txt; build/constraints/bin/python -m pip freeze --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean:  ## Remove what these chores made, but no results and no servers for tests
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.services/*' -prune -exec rm -rf {} +

# The stamps say what is installed: a changed requirement or pin has it installed again.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
		echo "gatlingpy needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1);"; \
		echo "name another one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[test]'
	@touch $(VENV)/.installed $@
