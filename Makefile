# make            lists the targets
# Windows: run from Git Bash, or see README, "Without make".
PYTHON ?= $(firstword $(shell command -v python3.11 python3 python 2>/dev/null))
PYTHON_313 ?= python3.13
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
SUPPLY := $(subst .venv,.venv-supply,$(BIN))
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

unexport PYTHONDONTWRITEBYTECODE # where it is set, each of the many processes would compile everything anew

.DEFAULT_GOAL := help
.PHONY: help env env-3.13 reports test attack audit sbom licences docs lab bench lint style clean

help:
	@echo "make env      install the locked environment into .venv (the other targets do it themselves)"
	@echo "make reports  make every report of every office from the data that ship"
	@echo "make test     run all tests"
	@echo "make attack   run the long attacks on what docs/security.md promises, a line each"
	@echo "make audit    ask what is known against the locked packages; no data is told as such (code 3)"
	@echo "make sbom     write sbom.cdx.json, the bill of materials (CycloneDX)"
	@echo "make licences write docs/licences.md, the licence of every locked package"
	@echo "make lab      open JupyterLab on notebooks/"
	@echo "make bench    measure speed and growth, print the tables"
	@echo "make docs     write the generated documents anew: docs/tables.md, docs/indicators.md, the house in README"
	@echo "make lint     check style and types"
	@echo "make clean    delete processed data, reports and caches (inputs and .venv stay)"

env: .venv/installed

.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" || { echo "Python 3.11 to 3.13 is needed, found: $$($(PYTHON) --version 2>&1). Name it: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-lab: .venv/installed requirements-lab.txt
	$(PIP) --require-hashes -r requirements-lab.txt
	@touch $@

env-3.13: .venv-3.13/installed

.venv-3.13/installed: requirements.txt
	$(PYTHON_313) -m venv .venv-3.13
	.venv-3.13/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv-supply/installed: requirements-supply.txt
	$(PYTHON) -m venv .venv-supply
	$(SUPPLY)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-supply.txt
	@touch $@

reports: env
	$(BIN)/shnor run

test: style
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

attack: env
	$(BIN)/python -m tests.attack

audit: env .venv-supply/installed
	$(BIN)/python -m tools.supply.audit

sbom: .venv-supply/installed
	$(SUPPLY)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --validate -o sbom.cdx.json requirements.txt

licences: env
	$(BIN)/python -m tools.supply.licences

lab: .venv/installed-lab
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: .venv/installed-lab
	$(BIN)/python benchmarks

docs: env
	$(BIN)/python -m tools.documents

lint: style
	$(BIN)/mypy

style: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean:
	rm -rf data/processed/* reports/* public sbom.cdx.json .pytest_cache .ruff_cache .mypy_cache .hypothesis benchmarks/results
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
