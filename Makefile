# Each target sets up what it needs: a virtual environment in .venv, from the lock file.
PYTHON ?= python3
BIN := .venv/bin
# Nothing that runs here reports about itself to anybody.
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: run test lint ui bench dev setup lock clean

run: setup
	$(BIN)/strata sample
	$(BIN)/strata catch-up

test: setup
	$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder --durations 25

lint: setup
	$(BIN)/ruff check orchestration expectations tests
	$(BIN)/ruff format --check orchestration expectations tests
	$(BIN)/mypy
	scratch=$$(mktemp -d) && mkdir $$scratch/dev && \
	STRATA_HOME=$$scratch $(BIN)/sqlfluff lint dbt_project/models dbt_project/tests --processes 2; \
	status=$$?; rm -rf $$scratch; exit $$status

ui: setup
	$(BIN)/strata ui

# SIZE is S, M or L: 100,000 customers, a million, or ten. ONLY names other parts than the nights:
# replay, history, small, landing, identity, segments.
SIZE ?= S
bench: setup
	$(BIN)/python tests/bench --size $(SIZE) $(ONLY)

dev: setup
	$(BIN)/strata dev

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Strata needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.11" if not (3, 11) <= sys.version_info[:2] <= (3, 13) else 0)'
	@echo "setting up .venv (once, about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Needs uv; the lock names no index.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock

clean:
	rm -rf .venv data
