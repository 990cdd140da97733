# make run: set up and start the app. make test: set up and check everything.
PYTHON ?= python3
VENV := .venv
DOCS_VENV := .venv-docs
ifeq ($(OS),Windows_NT)
  BIN_FOLDER := Scripts
  EXE := .exe
else
  BIN_FOLDER := bin
endif
# Tests of one file share what they load, and so stay in one process.
PARALLEL := -n auto --dist loadfile
BIN := $(VENV)/$(BIN_FOLDER)

.PHONY: venv run test test-slow coverage fuzz lint types arrows format bench docs wheel lock clean

venv: $(VENV)/.installed
run: venv
	$(BIN)/python main.py

test: $(VENV)/.installed-dev lint types arrows
	$(BIN)/python -m pytest $(PARALLEL)

# The same tests with the lines counted that they run; fails below the floor of pyproject.toml.
coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term

test-slow: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m slow

# Every reader of files from elsewhere, two minutes each; BOTHHANDS_FUZZ_SECONDS=10 make fuzz: ten seconds each.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m slow tests/fuzz

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/pyright

arrows: $(VENV)/.installed-dev
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: venv
	$(BIN)/python main.py bench assets/demo.mp4

# The documentation as a site in build/docs; warnings are errors.
docs: $(DOCS_VENV)/.installed
	NO_MKDOCS_2_WARNING=1 $(DOCS_VENV)/$(BIN_FOLDER)/mkdocs build --strict

# dist/bothhands-*.whl, for pipx, uv and pip; docs/install.md.
wheel: $(BIN)/python$(EXE)
	rm -rf build/lib build/bdist.* dist/bothhands-*.whl
	$(BIN)/python -m pip wheel --disable-pip-version-check --no-deps --wheel-dir dist .

# requirements-base.lock: the wheel's base with every package's hash, for Linux, Windows and macOS; needs uv.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
	  --custom-compile-command "make lock" --output-file requirements-base.lock

clean:
	rm -rf $(VENV) $(DOCS_VENV) build dist

$(BIN)/python$(EXE):
	$(PYTHON) -c 'import sys; assert (3, 11) <= sys.version_info[:2] <= (3, 12), "Bothhands needs Python 3.11 or 3.12: make PYTHON=python3.11"'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python$(EXE)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m app.compiled
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(DOCS_VENV)/.installed: requirements-docs.txt
	$(PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/$(BIN_FOLDER)/python -m pip install --disable-pip-version-check -r requirements-docs.txt
	touch $@
