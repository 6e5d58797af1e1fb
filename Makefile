# Every target sets up what it needs (`setup`), which takes seconds when it was done before.
.DEFAULT_GOAL := help
.PHONY: help setup secrets demo up down logs status play test journeys faults pictures gallery check house prove bench contracts packages format clean
SHELL := /bin/sh
STACK := .venv/bin/stack
PYTEST := .venv/bin/pytest

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## Install what is needed, saying what, before it is installed
	@sh deploy/setup/prepare

secrets: ## Write the secrets that docker-compose.yml asks for into .env, those that it has not yet
	@sh deploy/setup/secrets

demo: setup ## Play one clinic day into a fresh stack, print what came out, stop
	@$(STACK) demo

up: setup ## Start everything in the background; print addresses and a token (OPTIONS=--fresh)
	@$(STACK) up $(OPTIONS)

down: ## Stop what `make up` started; its data is kept (OPTIONS=--erase)
	@test -x $(STACK) || { echo "Nothing was ever started here: 'make up' does."; exit 2; }
	@$(STACK) down $(OPTIONS)

logs: ## Follow the logs (ONLY=payments-worker)
	@test -x $(STACK) || { echo "Nothing was ever started here: 'make up' does."; exit 2; }
	@$(STACK) logs $(ONLY)

status: ## Say whether the stack runs, and where
	@test -x $(STACK) || { echo "Nothing was ever started here: 'make up' does."; exit 2; }
	@$(STACK) status

play: setup ## Play an extract into the running stack and compare (DATA=DIR UNTIL=2026-01-31 PATIENTS=10)
	@test -n "$(DATA)" || { echo "Name the extract: make play DATA=deploy/local/data/clinic-day [UNTIL=date] [PATIENTS=n]"; exit 2; }
	@$(STACK) play --data "$(DATA)" $(if $(UNTIL),--until "$(UNTIL)") $(if $(PATIENTS),--patients "$(PATIENTS)")

test: setup ## Pass all tests on a real PostgreSQL and a real Kafka (ARGS="-k refund")
	@sh deploy/setup/prepare --tests
	@$(STACK) fetch --tests
	@PYTHONDONTWRITEBYTECODE= $(PYTEST) $(or $(ARGS),-n 4 --dist loadgroup)

journeys: setup ## Act every sentence of the product's description out in a browser, the long form of it
	@sh deploy/setup/prepare --tests
	@JOURNEYS=long $(PYTEST) tests/browser $(ARGS)

faults: setup ## Kill, pause and cut everything under load, then check that nothing is lost (ARGS="--minutes 60 --seed 7")
	@.venv/bin/python tests/faults/faults.py $(ARGS)

pictures: setup ## Take pictures of the front desk's screens into .local/pictures; a few, small, into docs/pictures
	@sh deploy/setup/prepare --tests
	@.venv/bin/python tests/pictures/pictures.py $(ARGS)

gallery: setup ## Make every kind of document in every language, validate them; pictures of some into docs/pictures
	@sh deploy/setup/prepare --tests
	@.venv/bin/python services/receipts/tests/receipts_gallery.py

check: setup ## Check format, lint, types, import rules and contracts, in under a minute
	@sh deploy/setup/check

house: setup ## Measure the house itself: fields, idioms, sizes, names, circles (ARGS="rows" for every place)
	@.venv/bin/python tests/house $(ARGS)

prove: setup ## Recompute every balance in the running stack's services; fails on a difference
	@$(STACK) prove

bench: setup ## Measure, each figure with its floor (ARGS="payments")
	@sh deploy/setup/prepare --tests
	@.venv/bin/python tests/bench $(ARGS)

contracts: setup ## Write schemas, AsyncAPI, examples and the event catalogue anew from the event classes
	@.venv/bin/python -m contracts.generate

packages: setup ## Build the contracts for Python and npm into dist/, install each by itself and try it
	@.venv/bin/python -m contracts.packages

format: setup ## Format the code
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

clean: ## Stop the stack and remove what was made here: data, environment, caches
	@! .venv/bin/python -c 'import local_stack' 2>/dev/null || $(STACK) down
	@rm -rf .local .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed. Kafka's jars stay in your cache folder (dental-billing)."
