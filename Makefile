# make run: Patron with a demo workspace on http://127.0.0.1:8000 (PORT=…); make test: everything that is checked.
SHELL := /bin/bash
PYTHON := .venv/bin/python
.PHONY: run test lint bench soak clean

run:
	@tools/bootstrap.sh && exec .venv/bin/patron serve --demo

test:
	@tools/bootstrap.sh && exec tools/test.sh $(ARGS)

lint:
	@tools/bootstrap.sh && exec tools/lint.sh

bench:
	@tools/bootstrap.sh && exec env SCALE=$(or $(SCALE),1) $(PYTHON) -m bench $(ARGS)

soak:
	@tools/bootstrap.sh && exec env PATRON_SOAK=1 tools/pytest.sh -m soak $(ARGS)

# Removes what can be made again, the tests' database included; never the data folder.
clean:
	@[ ! -x $(PYTHON) ] || $(PYTHON) -m patron.config.postgres discard var/test-db
	rm -rf .venv node_modules var build staticfiles src/patron/kernel/static/vendor
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
