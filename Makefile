# make play   installs once, then starts the game
# make test   installs once, then runs every check
#
# Stamps inside .venv remember what is installed; `make clean` forgets all of it.
#
#   PYTHON=python3.12      another interpreter (3.11 or newer) to make .venv with
#   LLAMA_INDEX=URL        take a prebuilt llama-cpp-python from this package index: nothing is compiled
#   LLAMA_VERSION=0.3.35   another version of it, where the index has no wheel of this one

PYTHON ?= python3
LLAMA_VERSION ?= 0.3.36
LLAMA_INDEX ?=

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check
VENV_READY := $(VENV)/.ready
LLAMA_READY := $(VENV)/.llama-$(LLAMA_VERSION)
PLAY_READY := $(VENV)/.play
TEST_READY := $(VENV)/.test
LLAMA_CMAKE := $(VENV)/llama-cpp-python.cmake

# Only the text library is built: no picture and sound models (LLAVA), no programs, no HTTP. llama-cpp-python
# forces LLAMA_BUILD_COMMON on in the cache, so a small file that cmake reads at each project() switches it off.
# What runs while the customer speaks (-march=native, -O3, OpenMP, llamafile kernels, repacking) stays as it is.
LLAMA_SWITCHES := \
	--config-settings=build.targets=llama \
	--config-settings="cmake.define.CMAKE_PROJECT_INCLUDE=$(CURDIR)/$(LLAMA_CMAKE)" \
	--config-settings=cmake.define.LLAVA_BUILD=OFF \
	--config-settings=cmake.define.LLAMA_BUILD_TOOLS=OFF \
	--config-settings=cmake.define.LLAMA_BUILD_SERVER=OFF \
	--config-settings=cmake.define.LLAMA_BUILD_EXAMPLES=OFF \
	--config-settings=cmake.define.LLAMA_BUILD_TESTS=OFF \
	--config-settings=cmake.define.LLAMA_OPENSSL=OFF

# The library is in place by then: should it not fit pyproject.toml, that is an error and not a second, slower build.
INSTALL := $(PIP) install --quiet --only-binary llama-cpp-python --editable

.PHONY: play test check format lint types imports tests bench wheel clean

play: $(PLAY_READY)
	@$(BIN)/hearmeout

test: check

check: format lint types imports tests

format: $(TEST_READY)
	@$(BIN)/ruff format --check .

lint: $(TEST_READY)
	@$(BIN)/ruff check .

types: $(TEST_READY)
	@$(BIN)/mypy

imports: $(TEST_READY)
	@$(BIN)/lint-imports --no-logo

tests: $(TEST_READY)
	@$(PY) -m pytest --numprocesses auto --dist worksteal

bench: $(TEST_READY)
	@$(PY) -m tests.bench

wheel: $(TEST_READY)
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) dist

$(VENV_READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name one: make play PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python cannot make a virtual environment here; on Debian: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

ifeq ($(LLAMA_INDEX),)
$(LLAMA_READY): $(VENV_READY)
	@if ! $(PY) -c 'import importlib.metadata as m, sys; \
			sys.exit(m.version("llama-cpp-python") != "$(LLAMA_VERSION)")' 2>/dev/null; then \
		if cxx="$${CXX:-c++}"; cc="$${CC:-cc}"; \
			! command -v "$${cxx%% *}" >/dev/null || ! command -v "$${cc%% *}" >/dev/null; then \
			echo "A C and C++ compiler is needed to build the language-model library; on Debian:" \
				"sudo apt install build-essential cmake (or use a prebuilt wheel: make play LLAMA_INDEX=URL)" >&2; \
			exit 1; \
		fi; \
		echo "Building the language-model library (llama-cpp-python $(LLAMA_VERSION)) for this machine:" \
			"once, quietly, 2 to 3 minutes on 2 cores."; \
		printf 'set(LLAMA_BUILD_COMMON OFF)\n' > $(LLAMA_CMAKE) && \
		CMAKE_BUILD_PARALLEL_LEVEL=$${CMAKE_BUILD_PARALLEL_LEVEL:-$$(getconf _NPROCESSORS_ONLN)} \
			$(PIP) install --quiet $(LLAMA_SWITCHES) "llama-cpp-python==$(LLAMA_VERSION)"; \
	fi
	@touch $@
else
$(LLAMA_READY): $(VENV_READY)
	@echo "Fetching a prebuilt language-model library (llama-cpp-python $(LLAMA_VERSION)); nothing is compiled."
	@$(PIP) install --quiet --extra-index-url "$(LLAMA_INDEX)" --only-binary llama-cpp-python \
		"llama-cpp-python==$(LLAMA_VERSION)"
	@touch $@
endif

$(PLAY_READY): $(LLAMA_READY) pyproject.toml
	@echo "Installing the game and what it needs into $(VENV)."
	@$(INSTALL) .
	@touch $@

# The test extra holds all that playing needs, so the game's stamp is set with it.
$(TEST_READY): $(LLAMA_READY) pyproject.toml
	@echo "Installing the game, its tests and their tools into $(VENV)."
	@$(INSTALL) '.[test]'
	@touch $(PLAY_READY) $@
