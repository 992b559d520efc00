# Works with GNU make 3.81 and in a folder whose path has spaces: every path here is relative, and tools are started
# as modules, because the first line of a script in .venv/bin names an absolute path.

.DEFAULT_GOAL := help
.PHONY: help demo test soak docs bench lint findings faults lock clean FORCE
.DELETE_ON_ERROR:

# A search path of the person's own must not reach the locked environment.
unexport PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV_PYTHON := .venv/bin/python
PIP_INSTALL := $(VENV_PYTHON) -m pip install --quiet --no-user

# Which Python: the first candidate that really starts (a version manager leaves stubs that do not), is of a version
# the lock has wheels for, and can make an environment. PYTHON=… names the only candidate.
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3
candidates = $(if $(PYTHON),"$(PYTHON)",$(PYTHONS))
first_that_runs = $(shell for python in $(candidates); do "$$python" -I -c "$(1)" >/dev/null 2>&1 && echo "$$python" && break; done)
is_supported := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
has_venv := import venv, ensurepip; $(is_supported)

no_python := Python 3.11, 3.12, 3.13 or 3.14 is needed and $(if $(PYTHON),PYTHON=$(PYTHON) is not one,none was found). Debian, Ubuntu: apt install python3 python3-venv; Fedora: dnf install python3; macOS: brew install python@3.13
no_venv = $(1) cannot make virtual environments, its venv or ensurepip module is missing. Debian, Ubuntu: apt install $(notdir $(1))-venv; elsewhere install a complete Python 3.11 to 3.14
why_no_python = $(if $(call first_that_runs,$(is_supported)),$(call no_venv,$(call first_that_runs,$(is_supported))),$(no_python))

# An interpreter that was upgraded away leaves .venv/bin/python dangling; a moved or copied folder leaves .venv pointing
# to where it was made. .venv/project holds that place.
broken := $(shell $(VENV_PYTHON) -c "" 2>/dev/null || echo broken)
moved := $(shell test "$$(cat .venv/project 2>/dev/null)" = "$$(pwd -P)" || echo moved)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=python3.12 chooses the interpreter of a new .venv; ARGS='...' is handed on by demo, test, bench and lock."

demo: .venv/project ## install, then run the whole job on the embedded stand-ins of the services
	@$(VENV_PYTHON) -m sync demo $(ARGS)

test: .venv/project ## install, then run every test
	$(VENV_PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

bench: .venv/project ## install, then measure what runs cost, on the stand-ins (docs/performance.md)
	$(VENV_PYTHON) -m benchmarks $(ARGS)

soak: .venv/project ## tell N random schedules of faults (N=1000), from SEED or from chance
	$(VENV_PYTHON) -m tests.faults.soak --chapters $(or $(N),1000) $(if $(SEED),--seed $(SEED))

lint: .venv/project ## install, then check style, types, import order and workflows
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	.venv/bin/zizmor --offline --quiet action.yml .github/workflows docs/workflows/*.yml
	$(VENV_PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-logo

docs: .venv/project ## install, then build the pages into docs/_build, warnings are errors
	$(VENV_PYTHON) -m sphinx --fail-on-warning --keep-going --quiet --builder html docs docs/_build

findings: .venv/project ## write docs/findings.md anew from the code
	$(VENV_PYTHON) -c "from sync.findings.kinds import page; print(page(), end='')" > docs/findings.md

faults: .venv/project ## write docs/reliability.md anew from the catalogue of faults and its tests
	$(VENV_PYTHON) -m tests.faults.page > docs/reliability.md

lock: ## write requirements/*.txt anew from pyproject.toml (needs uv and a network)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt
	$(LOCK) --group build --constraint requirements/dev.txt --output-file requirements/build.txt

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

clean: ## remove .venv and caches
	rm -rf .venv docs/_build docs/generated .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist

# One environment for demo, test and lint, so that after any of them the others need no network.
.venv/dependencies: requirements/dev.txt $(if $(broken),FORCE)
	@echo "Installing the locked dependencies into .venv (once; takes about a minute) ..."
	@"$(or $(call first_that_runs,$(has_venv)),$(error $(why_no_python)))" -m venv --clear .venv
	@$(PIP_INSTALL) --require-hashes --only-binary :all: --requirement requirements/dev.txt
	@touch $@

.venv/project: pyproject.toml .venv/dependencies $(if $(moved),FORCE)
	@$(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	-@$(VENV_PYTHON) -m compileall -q sync connectors mappings sandbox # as pip does with what it copies
	@pwd -P > $@

FORCE:
