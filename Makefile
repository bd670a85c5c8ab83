# Every target does its own set-up. `make help` lists them.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(name)),$(name))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
OUT ?= out
export PYTHONDONTWRITEBYTECODE :=
export QT_QPA_PLATFORM ?= $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY)),,offscreen)

.PHONY: help setup run test collected test-fast check bench soak mutants screenshots installer lock docs clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /: /'

setup: $(VENV)/.ready ## make .venv with what running, testing and checking need

$(VENV)/.ready: locks/pip.txt locks/dev.txt pyproject.toml installer/system_libraries.sh
	sh installer/system_libraries.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --only-binary :all: -r locks/pip.txt # the one that comes with Python 3.11 takes a minute more
	$(PIP) --require-hashes --only-binary :all: -r locks/dev.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

run: setup ## the window on the demo practice; without a screen, the same day's work headless
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/wellbeing demo; \
	else $(BIN)/wellbeing demo --headless --out $(OUT)/demo; fi

test: setup ## every test but the soak
	sh tests/browser_libraries.sh
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 3 --dist worksteal -m "not soak"

collected: setup ## every test is compiled and found, none is run
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --collect-only -q >/dev/null

# Rules, papers, lists and the store. The window, the server and whole days are in `make test`.
FAST := tests/domain tests/operations tests/documents tests/exchange tests/storage $(wildcard tests/sync/test_*.py) \
	tests/ui/models

test-fast: setup ## the inner loop, two minutes
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 3 --dist worksteal -m "not soak and not slow and not postgres" $(FAST)

check: setup ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## the numbers of docs/performance.md, as ratios within one run
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks

soak: setup ## the long runs, seeds printed: kills, power cuts, 10,000 random histories of sync
	QT_QPA_PLATFORM=offscreen WELLBEING_SOAK=1 $(BIN)/python -m pytest -m soak -s
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.sync.histories.soak

mutants: setup ## seed faults into a copy of the code; every one must be found by a test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.mutants

screenshots: setup ## every screen in three themes, into docs/pictures
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screenshots --out docs/pictures

installer: setup ## a one-folder build for this system, in dist/
	$(PIP) --require-hashes --only-binary :all: -r locks/installer.txt
	$(BIN)/python -m PyInstaller --noconfirm --clean installer/wellbeing.spec

lock: ## write locks/ again (needs uv on the path)
	echo pip | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -q -o locks/pip.txt
	uv pip compile pyproject.toml --extra server --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -q -o locks/dev.txt
	uv pip compile pyproject.toml --extra installer --universal --python-version 3.11 -c locks/dev.txt \
	  --generate-hashes --no-emit-index-url --no-header -q -o locks/installer.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -q -o locks/desktop.txt
	uv pip compile pyproject.toml --extra server --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -q -o locks/server.txt

docs: setup ## generated pages: the data dictionary, the description of the protocol
	$(BIN)/python -m wellbeing_desktop.domain.dictionary > docs/data-dictionary.md
	$(BIN)/python -m wellbeing_desktop.sync.server.openapi > docs/openapi.json

clean: ## remove what the targets made
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
