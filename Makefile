# Two commands do everything: `make run` and `make test`. See README.md.
.PHONY: run test bench setup setup-test format check-only build help

help:
	@echo "make run     set up and start the city of the demo on http://127.0.0.1:8000"
	@echo "make test    set up and run every check and test (ARGS=... goes to pytest)"
	@echo "make bench   measure (ONLY=name for one bench); results in bench/out/results.json"

run: setup
	@YIWANG_DEMO=$${YIWANG_DEMO:-1} exec .venv/bin/yiwang up

test: setup-test
	@tools/check.sh $(ARGS)

bench: setup-test
	@.venv/bin/python -m bench $(if $(ONLY),--only $(ONLY),)

format:
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

setup:
	@tools/setup.sh run

setup-test:
	@tools/setup.sh test
