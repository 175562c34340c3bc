# `make demo` shows linli at work; `make test` checks it. Both set up all they need by themselves.

BIN := .venv/bin
ARGS ?=

.PHONY: help setup demo test test-large lint format notebooks docs bench neo4j neo4j-stop lock clean

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

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@[ ! -e tools/docs.py ] || $(BIN)/python tools/docs.py --check
	@[ ! -e web/package.json ] || $(BIN)/python tools/web.py run check

format: setup
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

test: lint
	@[ ! -e web/package.json ] || $(BIN)/python tools/web.py test
	@$(BIN)/python tools/neo4j_server.py fetch || echo "The tests of Neo4j are left out."
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-large: setup
	$(BIN)/pytest -m large --timeout 3600 $(ARGS)
	LINLI_HYPOTHESIS=thorough $(BIN)/pytest --timeout 3600 tests/graph tests/matcher tests/loaders $(ARGS)

notebooks: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--no-deps -r requirements-notebooks.txt
	@$(BIN)/jupyter lab --notebook-dir notebooks $(ARGS)

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
