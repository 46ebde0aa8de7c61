# The README's two commands, `make demo` and `make test`, and what a developer runs all day.
# Kept to what GNU make 3.81 understands, which is what macOS has.

SHELL := /bin/sh
BIN := .venv/bin
PYTHON ?=
UV ?= uv
# Test processes: more than twice as many as a small machine has cores, because most of a run is waiting for other
# processes (some 450 s of processor time in all, of which tests/e2e is a third). A module's tests stay in one process (--dist
# loadscope), so that what they set up together is set up once. Modules go out in the order of their names, which puts the
# long ones (chaos, e2e) first and lets the many short ones (unit) even out who is done when.
WORKERS ?= 5
# Further arguments for pytest, as in: make test ARGS="-k durations"
ARGS ?=
# What to measure, as in: make test COV=--cov=boostmon
COV ?= --cov

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Material announces its successor at each build.
export NO_MKDOCS_2_WARNING := 1

REQUIREMENTS := .venv/requirements.stamp
EDITABLE := .venv/editable.stamp

.PHONY: help setup demo pictures map golden test chaos soak flood events mutants planted bench bench-quick bench-page simulation lint format types contracts docs docs-serve wheel openapi changelog messages requirements check clean
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(EDITABLE) ## Make .venv with everything at its pinned version (PYTHON=... chooses the interpreter)

# Made anew when it is missing or when the interpreter that it points to is gone.
$(BIN)/python:
	@PYTHON="$(PYTHON)" ./tools/make-venv

$(REQUIREMENTS): requirements-dev.txt | $(BIN)/python
	@PYTHON="$(PYTHON)" ./tools/make-venv
	@echo "setup: installing the pinned requirements (about a minute the first time)"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.txt
	@touch $@

$(EDITABLE): $(REQUIREMENTS) pyproject.toml
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## See the main job: the real bot on a Discord of its own (no token needed)
	@$(BIN)/boostmon sandbox

# Compiled files are kept even where the environment says otherwise: the tests start some sixty processes.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup ## Run every test, then check the coverage of domain and app
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(COV) --cov-report=term $(ARGS)
	$(BIN)/python -m tools.coverage_floor

# SECONDS=... is how long the trouble lasts; a LOG=FILE gets what the processes wrote.
chaos: setup ## Real processes among faults, judged in the end: make chaos SEED=7
	$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(LOG),--log "$(LOG)")

soak: setup ## Ten minutes with 10,000 timers and two processes: make soak MINUTES=10
	$(BIN)/python -m tests.chaos.soak --minutes $(or $(MINUTES),10)

flood: setup ## 2,000 endings at one moment against Discord's limits (two minutes); prints figures
	$(BIN)/python -m tools.flood $(ARGS)

events: setup ## 5,000 roles given in ten seconds; prints how soon commands are acknowledged meanwhile
	$(BIN)/python -m tools.eventstorm $(ARGS)

# ARGS=boostmon/domain/timers.py tries one file, ARGS=--survivors what survived the run before.
mutants: setup ## Plant small faults in domain and app: does a unit test fail? (half an hour; prints figures)
	$(BIN)/python -m tools.mutation $(ARGS)

planted: setup ## Plant known bugs in adapters and use cases, in a copy: do their tests catch them? (ten minutes)
	$(BIN)/python -m tools.planted $(ARGS)

bench: setup ## Measure beside the peers (ten minutes); writes benchmarks/results/DATE.json
	$(BIN)/python -m benchmarks $(ARGS)

bench-quick: setup ## The same with tiny sizes, as a smoke test: nobody looks at the times
	$(BIN)/python -m benchmarks --quick $(ARGS)

simulation: setup ## Play a day of ten million timers (half a minute), for the page about scale
	$(BIN)/python -m benchmarks.scale

bench-page: setup ## Write docs/benchmarks.md and docs/scale.md from the newest result
	$(BIN)/python -m benchmarks.report

lint: setup ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## Let ruff fix what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## mypy, strict, tests too
	$(BIN)/mypy

contracts: setup ## import-linter: who may import what
	$(BIN)/lint-imports --no-logo

pictures: setup ## Draw what the bot says, by playing it in the sandbox, into docs/assets/
	$(BIN)/python -m tools.pictures

map: setup ## Draw the packages and their imports for docs/architecture.md, from the code
	$(BIN)/python -m tools.rooms

golden: setup ## Write what the bot says in each language into tests/unit/texts/golden, to be read
	$(BIN)/python -m tests.support.golden

docs: setup ## Build the documentation into site/; a broken link fails
	$(BIN)/mkdocs build --strict

docs-serve: setup ## The documentation at http://127.0.0.1:8000, rebuilt as you write
	$(BIN)/mkdocs serve

wheel: setup ## Build the wheel and try it in a clean environment
	./tools/smoke-wheel

# OPENAPI=... is Discord's OpenAPI file, REQUESTS=... what a test run recorded with BOOSTMON_RECORD_REQUESTS.
openapi: setup ## Check recorded requests: make openapi OPENAPI=FILE REQUESTS=FILE
	$(BIN)/python -m tools.openapi "$(OPENAPI)" "$(REQUESTS)"

messages: setup ## Bring the catalogues of translations up to date with the texts in the code
	$(BIN)/python -m tools.messages

changelog: setup ## Show what the fragments in changelog.d would add to CHANGELOG.md
	$(BIN)/towncrier build --draft --version unreleased

requirements: ## Pin anew from pyproject.toml (needs uv; UPGRADE=1 takes newer versions)
	$(UV) pip compile pyproject.toml $(COMPILE) --extra embedded --extra sandbox -o requirements.txt
	$(UV) pip compile pyproject.toml $(COMPILE) --extra embedded --extra sandbox --group dev \
		--constraint requirements.txt -o requirements-dev.txt
COMPILE = --quiet --no-strip-extras --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make requirements" $(if $(UPGRADE),--upgrade)

check: lint types contracts docs wheel ## Everything that CI checks besides the tests

clean: ## Remove everything that make made, .venv too
	rm -rf .venv .bench .mutants dist build site htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
