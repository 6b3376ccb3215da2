# Each target installs its requirements: .venv, the package, and on Debian or Ubuntu the system libraries of Qt.
# PYTHON=python3.12 selects the interpreter for .venv; ARGS are passed to the command: make test ARGS="-k session".

PYTHON ?=
ARGS ?=
BIN := .venv/bin
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test lint bench monkey fuzz kills check-slides walk-lessons screenshots clean app dev

help: ## list all targets
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):[^#]*## (.*)/make \1|\2/' | \
		while IFS='|' read -r target does; do printf '%-18s %s\n' "$$target" "$$does"; done

run: app ## open the playground (ARGS: a file or a preset)
	@$(BIN)/nn-playground $(ARGS)

test: dev ## run the tests in parallel, without a screen
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: dev ## check style, types and imports between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The benchmark may use a virtual display, which requires the same Qt libraries as a real one.
bench: ## measure frame rate, training speed and start-up time
	@DISPLAY=$${DISPLAY:-virtual} .setup/environment dev
	$(BIN)/python tests/bench/run.py $(ARGS)

# Takes an hour or two (ARGS: --events 5000, --seed 7, --mix export).
monkey: dev ## test the window with random input, and print a minimal sequence for each failure
	$(BIN)/python tests/monkey/run.py $(ARGS)

fuzz: dev ## fuzz the readers of files and links with a million inputs (ARGS: --inputs 10000, --only table)
	$(BIN)/python tests/fuzz/run.py $(ARGS)

kills: dev ## kill the program at 100 random moments, and check that the next start has its work (ARGS: --kills 10)
	$(BIN)/python tests/kills/run.py $(ARGS)

check-slides: dev ## open exported files in rsvg, poppler, LibreOffice and LaTeX, as far as they are installed
	$(BIN)/python tests/check_slides/run.py $(ARGS)

# Takes half an hour for one theme and size (ARGS: --theme dark, --size 2560x1440, --lesson 07, --jobs 2, --out DIR).
walk-lessons: dev ## walk through every lesson in the window with the mouse, and save pictures
	$(BIN)/python tests/walk_lessons/run.py $(ARGS)

screenshots: dev ## take the screenshots for the README
	$(BIN)/python tests/screenshots.py $(ARGS)

clean: ## remove caches and builds, but keep .venv
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks
	find core playground tests .setup -name __pycache__ -type d -prune -exec rm -rf {} +

app:
	@.setup/environment app

dev:
	@.setup/environment dev
