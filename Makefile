# The two commands of the README are `make demo` and `make test`; every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench/bin
# As a user's installation runs: from its own compiled modules.
BENCH_ENV := env -u PYTHONPATH -u PYTHONDONTWRITEBYTECODE

.PHONY: demo help fmt lint quick test coverage screenshots bench packages tools clean

demo: $(VENV)/.installed ## the console on practice peers
	@$(BIN)/dcmecho demo

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

fmt: $(VENV)/.installed-dev ## format the code, and fix what the linter can fix
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lint: $(VENV)/.installed-dev ## style, types, who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quick: $(VENV)/.installed-dev ## the unit tests alone, in less than 20 seconds
	@$(BIN)/pytest -n 2 --dist loadfile -q -m "not slow" tests/unit

test: lint ## everything that a change has to pass
	@$(BIN)/pytest -n 3 --dist loadfile

coverage: $(VENV)/.installed-dev ## which lines no test runs, once a release
	@$(BIN)/pytest -n 3 --dist loadfile --cov --cov-report=term:skip-covered --cov-report=html

screenshots: $(VENV)/.installed-dev ## screenshots/ anew, from the running console
	$(BIN)/python tools/screenshots.py

# `make bench QUICK=--quick` is for a look; the figures of docs/ are those of the whole run.
bench: .venv-bench/.installed ## the figures of docs/performance.md, beside other tools
	$(BENCH_ENV) $(BENCH)/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	$(BENCH_ENV) $(BENCH)/python benchmarks/run_all.py $(QUICK) --dicom-echo $(BENCH)/dicom-echo --docs docs

packages: $(VENV)/.installed-dev ## the packages to publish; the source package runs its own unit tests
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	tar -xzf dist/dcmecho-*.tar.gz -C dist
	cd dist/dcmecho-*/ && PYTHONPATH=tui ../../$(BIN)/pytest -n 2 --dist loadfile -q tests/unit

tools: $(VENV)/.installed-dev ## .venv, with all that the other targets need

clean: ## remove what the other targets made
	rm -rf $(VENV) .venv-bench dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

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
