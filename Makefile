# make run: set up and start the app. make test: set up and check everything.
PYTHON ?= python3
VENV := .venv
DOCS_VENV := .venv-docs
RELEASE_VENV := .venv-release
ifeq ($(OS),Windows_NT)
  BIN_FOLDER := Scripts
  EXE := .exe
else
  BIN_FOLDER := bin
endif
# Tests of one file share what they load, and so stay in one process; tests/conftest.py says which files begin.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
# Counts the lines that the tests run, and fails below the floor of pyproject.toml: on Linux, where all tests can be run.
COUNT_LINES ?= $(if $(filter Linux,$(shell uname -s)),-p tests.line_coverage)
BIN := $(VENV)/$(BIN_FOLDER)
# Where somebody set it, every program that a test starts would compile all of its modules anew.
unexport PYTHONDONTWRITEBYTECODE
# What a lock names, each file held against its hash; then what only the list has: torch, and on other systems than the
# lock's all. LOCKED=0: only the list, from wherever pip finds it.
LOCKED ?= 1
PIP_INSTALL = $(BIN)/python -m pip install --disable-pip-version-check
install = $(if $(filter 1,$(LOCKED)),$(PIP_INSTALL) --no-deps --require-hashes -r $(1).lock &&) $(PIP_INSTALL) -r $(1).txt
# Python of the release's environment, whose programs come first.
with_release_tools = PATH="$(CURDIR)/$(RELEASE_VENV)/$(BIN_FOLDER):$$PATH" $(RELEASE_VENV)/$(BIN_FOLDER)/python $(1)

.PHONY: venv run test test-slow fuzz lint types arrows format bench docs wheel bundle appimage windows release lock clean

venv: $(VENV)/.installed
run: venv
	$(BIN)/python main.py

test: $(VENV)/.installed-dev lint types arrows
	$(BIN)/python -m pytest $(PARALLEL) $(COUNT_LINES)

# One of them installs gigabytes, which may take long.
test-slow: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m slow -o faulthandler_timeout=7200

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

# dist/bothhands-*.run: one file for Linux with Python and all packages, of this machine's Python; docs/install.md.
bundle: wheel $(RELEASE_VENV)/.installed
	$(call with_release_tools,-m tools.bundle dist/bothhands-*.whl)

# The same as an AppImage; needs gcc, mksquashfs, and libsquashfuse-dev, libfuse3-dev and libzstd-dev of Debian.
appimage: wheel $(RELEASE_VENV)/.installed
	$(call with_release_tools,-m tools.bundle dist/bothhands-*.whl --formats appimage)

# dist/bothhands-*-windows-*.zip: make windows EMBEDDED=python-3.11.9-embed-amd64.zip; needs uv and objdump.
windows: wheel $(RELEASE_VENV)/.installed
	$(call with_release_tools,-m tools.bundle.windows dist/bothhands-*.whl $(if $(EMBEDDED),--python "$(EMBEDDED)"))

# dist/release: wheel, sdist, .run file and AppImage, licences, list of parts, checksums; of a clean checkout only.
release: $(RELEASE_VENV)/.installed
	$(call with_release_tools,-m tools.release)

# Every package with its hashes: requirements-base.lock of the wheel's base, requirements.lock and requirements-dev.lock
# of the full set but torch, tools/locks/EXTRA.lock of what an extra adds to the base, and mediapipe.lock of the base with
# that extra, whose numpy is another; needs uv. It fails where a system has no wheel of a package: Linux and Windows on
# x86-64, Macs with Apple's processors from macOS 14.
UV_COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
  --custom-compile-command "make lock"
lock:
	$(UV_COMPILE) pyproject.toml --output-file requirements-base.lock
	for system in x86_64-manylinux_2_28 windows aarch64-apple-darwin; do for version in 3.11 3.12 3.13; do \
	  MACOSX_DEPLOYMENT_TARGET=14.0 uv pip install --no-config --quiet --dry-run --target build/none --only-binary :all: \
	    --python-platform $$system --python-version $$version --require-hashes -r requirements-base.lock || exit 1; \
	done; done
	cd tools/locks && $(UV_COMPILE) ../../requirements.txt --output-file ../../requirements.lock
	cd tools/locks && $(UV_COMPILE) ../../requirements-dev.txt --constraint ../../requirements.lock \
	  --output-file ../../requirements-dev.lock
	for system in x86_64-manylinux_2_31 windows aarch64-apple-darwin; do for version in 3.11 3.12; do \
	  MACOSX_DEPLOYMENT_TARGET=14.0 uv pip install --no-config --quiet --dry-run --target build/none --only-binary :all: \
	    --no-binary pyopengl --no-deps --python-platform $$system --python-version $$version --require-hashes \
	    -r requirements-dev.lock || exit 1; \
	done; done
	for extra in train pyrender ray rerun virtual-camera; do \
	  $(UV_COMPILE) pyproject.toml --extra $$extra --override tools/locks/without_torch.txt \
	    --constraint requirements-base.lock $$(sed -n 's/^\([a-z][^=]*\)==.*/--no-emit-package \1/p' requirements-base.lock) \
	    --output-file tools/locks/$$extra.lock || exit 1; \
	done
	$(UV_COMPILE) pyproject.toml --extra mediapipe --output-file tools/locks/mediapipe.lock

clean:
	rm -rf $(VENV) $(DOCS_VENV) $(RELEASE_VENV) build dist

$(BIN)/python$(EXE):
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 12) or sys.exit("Bothhands needs Python 3.11 or 3.12, and this is %d.%d: make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt requirements.lock | $(BIN)/python$(EXE)
	$(call install,requirements)
	$(BIN)/python -m app.compiled
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-dev.lock $(VENV)/.installed
	$(call install,requirements-dev)
	touch $@

$(DOCS_VENV)/.installed: requirements-docs.txt
	$(PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/$(BIN_FOLDER)/python -m pip install --disable-pip-version-check -r requirements-docs.txt
	touch $@

$(RELEASE_VENV)/.installed: requirements-release.txt
	$(PYTHON) -m venv $(RELEASE_VENV)
	$(RELEASE_VENV)/$(BIN_FOLDER)/python -m pip install --disable-pip-version-check -r requirements-release.txt
	touch $@
