# Everything is installed into .venv; to start afresh, remove that folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
CATALOGUE := lastmetre/locale/zh/LC_MESSAGES/lastmetre
VENDOR := lastmetre/web/static/vendor/manifest.json

# Containers often set it; each of the many processes that tests start would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run sheets faults test look pictures check fix bench ready browser

run: ready ## everything, with the demo compound; Ctrl-C stops it; ARGS="--port 8001" and the like are handed on
	$(BIN)/lastmetre serve --scenario erqi $(ARGS)

sheets: ready ## the demo compound's sheets, from raw orders to paper
	$(BIN)/lastmetre demo

test: check browser ## the whole proof: style, types, architecture, translations, tests
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --durations=15

check: ready ## all but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python translations.py check

look: browser ## every page in every look and width as pictures in out/look/, axe on each, Lighthouse on first pages; a rush of 600 orders
	$(BIN)/pytest -n 0 -s tests/browser/look_screens.py tests/browser/look_rush.py

pictures: browser ## the pictures of docs/roles, from the demo's day
	$(BIN)/pytest -n 0 -s tests/browser/pictures.py

faults: ready ## kill -9 of everything, 20 times under writes: nothing acknowledged is lost; every role at every address
	$(BIN)/pytest tests/faults -n 0 -s
	TIMED=1 PEOPLE=10000 $(BIN)/pytest tests/cli/test_demo_day.py tests/scenarios/test_worlds.py tests/ground/places/test_places_responses.py \
	  -n 0 -k "half_way or three_seconds or in_a_minute"
	TIMED=1 SCANS=500 $(BIN)/pytest tests/browser/test_doors.py tests/browser/test_scan_box.py -n 0 -s -k "answers_are_lost or camera"
	ROLES=all KEYS=300 EXAMPLES=40 PLANTED=all ATTEMPTS=1200 HOUSEHOLDS=4000 $(BIN)/pytest -n auto --dist loadfile \
	  tests/security/test_foreign_rows.py tests/web/test_request_keys.py tests/web/test_api_attacked.py \
	  tests/chain/settlement/test_settlement_machine.py tests/chain/orders/test_orders_machine.py tests/chain/orders/test_orders_rush.py tests/chain/test_sizes.py tests/chain/test_bag_machine.py

fix: ready ## what a machine can put right; adds new sentences to the catalogue
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python translations.py extract

bench: ready ## the benchmarks, one after the other
	@set -e; for question in benchmarks/*.py; do echo "== $$question"; $(BIN)/python "$$question"; done

ready: $(INSTALLED) $(CATALOGUE).mo $(VENDOR)

browser: ready ## the tests of the pages need one; it is installed where that is possible
	$(BIN)/python tests/browser/chromium.py

$(CATALOGUE).mo: $(CATALOGUE).po | $(INSTALLED)
	$(BIN)/python translations.py compile

$(VENDOR): package-lock.json static_build.py lastmetre/web/icons.txt | $(INSTALLED)
	$(BIN)/python static_build.py
	@touch $@

$(INSTALLED): pyproject.toml | $(BIN)/pip
	@echo "Installing Lastmetre into $(VENV) (a few minutes the first time) ..."
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Lastmetre needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing)." \
	    "Install it (Debian: apt-get install python3 python3-venv) or name another: make run PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install them (Debian: apt-get install python3-venv)."; exit 1; } >&2
	$(PYTHON) -m venv $(VENV)
