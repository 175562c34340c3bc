# `make demo` shows linli at work; `make test` checks it. Both set up all they need by themselves.

BIN := .venv/bin
ARGS ?=
# Commands and tests start a hundred processes: with byte code kept, each starts in half the time.
unexport PYTHONDONTWRITEBYTECODE
# Two at a time; what each one says stays together where this make can do that.
BESIDE = $(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help setup packages demo test test-large lint format notebooks docs bench neo4j neo4j-stop neo4j-jars \
	lock clean check-types check-docs check-imports check-code check-page test-page

help:
	@echo "make demo        load the synthetic sub-district, match it, serve the workbench (ARGS=--no-serve: end there)"
	@echo "make test        every check and test; make test-large: what takes long"
	@echo "make lint        the checks alone; make format: put the code into shape"
	@echo "make notebooks   open the notebooks (JupyterLab, which it installs)"
	@echo "make docs        write the generated pages; make bench: the measurements"
	@echo "make neo4j       a Neo4j server of your own, empty (KEEP=1: with what it had); make neo4j-stop: end it"
	@echo "make setup       .venv and the built page; make lock: the lock files anew; make clean: remove what was made"

setup:
	@python=$$(sh tools/python.sh) && "$$python" tools/setup.py

demo: setup
	@$(BIN)/linli demo $(ARGS)

# All but the engine's machine code, which the checks don't need.
packages:
	@python=$$(sh tools/python.sh) && "$$python" tools/setup.py --without-engine

lint: packages
	@$(BESIDE) $(CHECKS)

# The longest ones first.
CHECKS := check-types check-docs check-imports check-code check-page

check-types:
	$(BIN)/mypy

check-docs:
	@[ ! -e tools/docs.py ] || $(BIN)/python tools/docs.py --check

check-imports:
	$(BIN)/lint-imports --no-logo

check-code:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-page:
	@[ ! -e web/package.json ] || $(BIN)/python tools/web.py run check

test-page:
	@[ ! -e web/package.json ] || $(BIN)/python tools/web.py test

neo4j-jars:
	@$(BIN)/python tools/neo4j_server.py fetch || echo "The tests of Neo4j are left out."

format: setup
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# On two cores a third worker fills the time in which tests wait for a browser or a service.
test: packages
	@$(BESIDE) check-types setup $(CHECKS) test-page neo4j-jars
	$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

test-large: setup
	$(BIN)/pytest -m large --timeout 3600 $(ARGS)
	LINLI_HYPOTHESIS=thorough $(BIN)/pytest --timeout 3600 tests/graph tests/matcher tests/loaders $(ARGS)

notebooks: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--no-deps -r requirements-notebooks.txt
	@$(BIN)/jupyter lab --notebook-dir notebooks $$([ "$$(id -u)" != 0 ] || echo --allow-root) $(ARGS)

docs: setup
	$(BIN)/python tools/docs.py

bench: setup
	@set -e; for script in benchmarks/bench_*.py benchmarks/matching.py; do echo "== $$script"; $(BIN)/python "$$script" $(ARGS); done

neo4j: setup
	@$(BIN)/python tools/neo4j_server.py start

neo4j-stop:
	@[ ! -x $(BIN)/python ] || $(BIN)/python tools/neo4j_server.py stop

lock:
	@sh tools/lock.sh

clean:
	rm -rf .venv .venv-lock web/node_modules web/dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
