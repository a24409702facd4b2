# `make help` lists what there is to do.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
ROUNDS ?= 20
export PORT

# A stamp for each lock file's content: a warm start has nothing to do, a changed lock installs again.
digest = $(shell sha256sum $(1) | cut -c1-16)
RUNTIME := .venv/.runtime-$(call digest,requirements.txt)
DEV := .venv/.dev-$(call digest,requirements-dev.txt)

.PHONY: help setup run test test-all check schema bench soak lock reset

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Start everything on http://127.0.0.1:8000 (PORT= changes it); Ctrl-C stops it
	@exec $(BIN)/ecommerce run

setup: $(RUNTIME) $(DEV) ## Make .venv with what running and developing need

test: $(RUNTIME) $(DEV) ## Everything that decides correctness, in parallel, on a database of its own
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "not browser and not slow"

test-all: test ## The tests, then those that drive a browser or start the whole tree, and every race five times
	@RACE_REPEATS=5 $(BIN)/python -m pytest -n auto --dist loadgroup -m "browser or slow or race"

check: $(RUNTIME) $(DEV) ## Format, lint, types, imports, architecture: migrations = tables, translations complete
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q tests/architecture

schema: $(RUNTIME) $(DEV) ## Write migrations/schema.sql anew, to be reviewed beside a migration
	@$(BIN)/python -m tests.schema

bench: $(RUNTIME) $(DEV) ## Measure, on this machine
	@$(BIN)/python -m bench

soak: $(RUNTIME) $(DEV) ## The races and the kills again and again (ROUNDS=20); the log goes to docs/soak.log
	@for round in $$(seq $(ROUNDS)); do \
	  echo "Round $$round of $(ROUNDS), $$(date -u +%FT%TZ)"; \
	  $(BIN)/python -m pytest -q -m "race or kill" || exit 1; \
	done 2>&1 | tee docs/soak.log; exit $${PIPESTATUS[0]}

lock: ## Pin every dependency by hash again (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" -o requirements.txt pyproject.toml
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

reset: ## Stop what runs and delete the local data; the next run starts over
	@if [ -x $(BIN)/ecommerce ]; then $(BIN)/ecommerce reset; else rm -rf .data; fi

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON= names it)."; exit 1; }
	@$(PYTHON) -m venv .venv

$(RUNTIME): | .venv/bin/python
	@deploy/install requirements.txt
	@rm -f .venv/.runtime-* && touch $@

$(DEV): $(RUNTIME)
	@deploy/install requirements-dev.txt
	@rm -f .venv/.dev-* && touch $@
