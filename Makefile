# What everybody runs. A fresh machine needs Python 3.11 and make; the rest is installed into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header pyproject.toml
export LAIFANG_DATA ?= $(CURDIR)/var
# Compiled files are kept: the tests start many processes, and each would compile everything anew.
export PYTHONDONTWRITEBYTECODE =

# Tests wait for browsers and servers: one at a time more than there are cores keeps the cores busy.
# In the order of the folders, so that the long browser tests come first and no worker ends alone.
WORKERS ?= $(shell expr `getconf _NPROCESSORS_ONLN` + 1)
SPREAD := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: run test tormented quick lint browser bench faults docs pictures forms lock clean

run: .venv/run
	@$(BIN)/laifang migrate
	@$(BIN)/laifang demo --if-empty
	@$(BIN)/laifang serve --host 127.0.0.1 --port 8000

# Everything. Those that kill and starve processes wait most of their time: the linters run beside them;
# then the rest, several at a time.
test: .venv/test browser
	@$(MAKE) --no-print-directory -j 2 $(if $(filter output-sync,$(.FEATURES)),-O) lint tormented
	$(BIN)/pytest $(SPREAD) -m "not faults"

tormented: .venv/test
	$(BIN)/pytest -q -m faults $(sort $(shell grep -rl --include='test_*.py' mark.faults tests))

# The tests without browsers and without killing servers.
quick: .venv/test
	$(BIN)/pytest $(SPREAD) -m "not browser and not faults"

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/python -m web.translations check
	$(BIN)/python -m web.assets verify

browser: .venv/test
	@$(BIN)/python -m tests.browser.install

bench: .venv/test
	@$(BIN)/python -m bench

faults: .venv/test
	@$(BIN)/python -m tests.faults.harness
	@$(BIN)/python -m tests.faults.deliveries
	@$(BIN)/python -m tests.faults.tokens

docs: .venv/docs
	$(BIN)/mkdocs build --strict

# The pictures of the docs, taken while the tests play a day at the school and a petition office.
pictures: .venv/test browser
	mkdir -p docs/pictures
	LAIFANG_PICTURES=docs/pictures $(BIN)/pytest -q tests/day tests/stories -k "there or stories"

# Every printed form as pictures to look at, under var/forms: ordinary, long, bare; then the pages of
# a demonstration as a printer draws them (tests/papers/prints.py).
forms: .venv/test
	LAIFANG_DATA= $(BIN)/python -m tests.papers.sheet var/forms

# Lock every dependency with its hashes.
lock: .venv/test
	$(UV) --extra install -o requirements/run.txt
	$(UV) --extra install --extra test -o requirements/test.txt
	$(UV) --extra install --extra test --extra docs -o requirements/docs.txt

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt | .venv/bin/python
	@echo "Installing what Laifang needs (a minute or two) ..."
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

.venv/test: requirements/test.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need (a few minutes) ..."
	@$(PIP) --require-hashes -r requirements/test.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@ .venv/run

.venv/docs: requirements/docs.txt | .venv/bin/python
	@$(PIP) --require-hashes -r requirements/docs.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

clean:
	rm -rf .venv site .mypy_cache .ruff_cache .pytest_cache .hypothesis
