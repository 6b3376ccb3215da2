# Each target sets up what it needs: .venv, the package, and on Debian or Ubuntu the system libraries of Qt.
# PYTHON=python3.12 chooses the interpreter that .venv is made with; ARGS are handed on: make test ARGS="-k session".

PYTHON ?=
ARGS ?=
BIN := .venv/bin
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test lint bench monkey fuzz screenshots clean app dev

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):[^#]*## (.*)/make \1|\2/' | \
		while IFS='|' read -r target does; do printf '%-18s %s\n' "$$target" "$$does"; done

run: app ## open the playground (ARGS: a file or a preset)
	@$(BIN)/nn-playground $(ARGS)

test: dev ## run the tests, without a screen, on every core
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: dev ## check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Its window may draw on a virtual display, for which Qt needs the same libraries as for any other.
bench: ## measure frames, steps and start-up, and print them
	@DISPLAY=$${DISPLAY:-virtual} .setup/environment dev
	$(BIN)/python tests/bench/run.py $(ARGS)

# Random clicks, keys, drags and files on the real window; takes an hour or two (ARGS: --events 5000, --seed 7, --mix export).
monkey: dev ## look for what breaks the window, and print the shortest way to it
	$(BIN)/python tests/monkey/run.py $(ARGS)

fuzz: dev ## read a million damaged files and links (ARGS: --inputs 10000, --only table)
	$(BIN)/python tests/fuzz/run.py $(ARGS)

screenshots: dev ## draw the pictures that the README shows
	$(BIN)/python tests/screenshots.py $(ARGS)

clean: ## remove caches and builds; .venv stays
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks
	find core playground tests .setup -name __pycache__ -type d -prune -exec rm -rf {} +

app:
	@.setup/environment app

dev:
	@.setup/environment dev
