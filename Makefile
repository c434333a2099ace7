# What a person types. Each target makes .venv by itself from the pinned, hashed requirements (plain pip).
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.installed
.PHONY: setup check test demo bench soak messages lock clean

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it, or say PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q assessment bot locales posle scheduler simulator staff surveys web
	@touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m locales.build --check
	$(BIN)/python -m surveys.library.build --check

# Four workers on two cores: most of a journey is waiting for a service.
test: setup
	@sh tests/browser.sh
	$(BIN)/pytest -n 4 --dist worksteal

demo: setup
	$(BIN)/posle demo

bench: setup
	$(BIN)/python -m tests.bench

soak: setup
	$(BIN)/pytest -n 4 --dist worksteal -m "soak or not soak"

messages: setup
	$(BIN)/python -m locales.build
	$(BIN)/python -m surveys.library.build

# Only for maintainers, after a change of dependencies; needs uv on PATH.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra dev pyproject.toml -o requirements.txt

clean:
	rm -rf .venv build *.egg-info demo-output
