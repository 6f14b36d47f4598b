# The two commands of the README are `make demo` and `make test`; both set up all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench/bin
# As a user's installation runs: from its own compiled modules.
BENCH_ENV := env -u PYTHONPATH -u PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint screenshots bench clean

demo: $(VENV)/.installed
	@$(BIN)/dcmecho demo

test: lint
	@$(BIN)/pytest -n 3 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

screenshots: $(VENV)/.installed-dev
	$(BIN)/python tools/screenshots.py

# `make bench QUICK=--quick` is for a look; the figures of docs/ are those of the whole run.
bench: .venv-bench/.installed
	$(BENCH_ENV) $(BENCH)/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	$(BENCH_ENV) $(BENCH)/python benchmarks/run_all.py $(QUICK) --dicom-echo $(BENCH)/dicom-echo --docs docs

clean:
	rm -rf $(VENV) .venv-bench dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.installed

.venv-bench/.installed: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	$(BENCH_ENV) $(BENCH)/pip install --quiet --disable-pip-version-check . dicom-echo
	touch $@
