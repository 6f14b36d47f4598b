# The README names `make demo` and `make test`. Every target installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench/bin
# Run like a user's installation, from its own compiled modules.
BENCH_ENV := env -u PYTHONPATH -u PYTHONDONTWRITEBYTECODE

.PHONY: demo help fmt lint quick test nightly peers coverage screenshots messages bench packages tools clean

demo: $(VENV)/.installed ## open the console on practice peers
	@$(BIN)/dcmecho demo

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

fmt: $(VENV)/.installed-dev ## format the code, and fix what the linter can fix
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lint: $(VENV)/.installed-dev ## check style, types, and which package imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quick: $(VENV)/.installed-dev ## run only the fast unit tests, in less than 20 seconds
	@$(BIN)/pytest -n 2 --dist loadfile -q -m "not slow and not nightly" tests/unit

test: lint ## run everything that a change must pass
	@$(BIN)/pytest -n 3 --dist loadfile

nightly: $(VENV)/.installed-dev ## run only the tests that are too long for every change
	@$(BIN)/pytest -n 2 --dist loadfile -m nightly

peers: $(VENV)/.installed-dev ## install CTN, PixelMed, odil and dcmjs-dimse, and check them
	@.ci/install-peers "$(CURDIR)/$(VENV)/peers"
	@DCMECHO_REQUIRE_PEERS=1 $(BIN)/pytest -n 2 --dist loadfile -m peers

coverage: $(VENV)/.installed-dev ## show lines that no test runs; once per release
	@$(BIN)/pytest -n 3 --dist loadfile --cov --cov-report=term:skip-covered --cov-report=html

screenshots: $(VENV)/.installed-dev ## make screenshots/ again, from the running console
	$(BIN)/python tools/screenshots.py

messages: $(VENV)/.installed-dev ## make docs/messages.md again, from what is known of other software
	$(BIN)/python tools/messages_page.py

# `make bench QUICK=--quick` gives a first impression; docs/ has the figures of a full run.
bench: .venv-bench/.installed ## measure the figures of docs/performance.md
	$(BENCH_ENV) $(BENCH)/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	$(BENCH_ENV) $(BENCH)/python benchmarks/run_all.py $(QUICK) --dicom-echo $(BENCH)/dicom-echo --docs docs

packages: $(VENV)/.installed-dev ## build the packages to publish, and test the source package
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	tar -xzf dist/dcmecho-*.tar.gz -C dist
	# Absolute, because some tests run the command elsewhere.
	cd dist/dcmecho-*/ && PYTHONPATH="$$PWD/tui" ../../$(BIN)/pytest -n 2 --dist loadfile -q tests/unit

tools: $(VENV)/.installed-dev ## make .venv with everything that the other targets need

clean: ## remove everything that the other targets made
	rm -rf $(VENV) .venv-bench dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/python:
	@echo "Making a Python environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@echo "Downloading and installing dcmecho's libraries into $(VENV): once, about a minute ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	@echo "Downloading and installing libraries and tools into $(VENV): once, a minute or two ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.installed

.venv-bench/.installed: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	$(BENCH_ENV) $(BENCH)/pip install --quiet --disable-pip-version-check . dicom-echo
	touch $@
