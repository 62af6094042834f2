# The targets for developers and CI. Only Python 3.11 and make have to be installed.
PYTHON ?= python3
BOOT = PYTHONPATH=deploy $(PYTHON) -m local.bootstrap
BIN = .venv/bin
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate

# All tests are shared among processes, since most of them wait; a selection (T=) runs in one.
PROCESSES ?= $(if $(T),0,4)
PLUGINS = -p local.test_summary -p local.test_order -n $(PROCESSES) --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run stop logs import audit operator monitor docs test test-long mutants chaos bench bench-full bench-workers bench-pages screenshots web lint lock servers servers-down environment

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the whole system in the foreground; Ctrl-C stops it
	@exec env $(BOOT) local.run

stop: ## stop the system that runs from this folder
	@$(BOOT) local.run stop

logs: ## follow the logs of the running system
	@tail -n 20 -F .run/logs/*.log

import: ## import a Shopify product CSV: make import FILE=goods.csv SHOP=slug
	@$(BOOT) local.import_goods "$(FILE)" "$(SHOP)"

audit: ## check that stock, money, ledger and coupons of the running system add up: make audit A=--repair
	@$(BOOT) local.auditing $(A)

operator: ## make an account an operator: OPERATOR_PASSWORD=… make operator EMAIL=you@example.com
	@$(BOOT) local.appointing "$(EMAIL)"

monitor: ## start a Prometheus for the running system; Ctrl-C stops it
	@$(BOOT) local.monitoring

docs: ## write the documents that are generated from the code: docs/contracts (OpenAPI, AsyncAPI, JSON Schemas) and tables
	@$(BOOT) --dev local.generated

test: ## all tests, or a selection: make test T=services/orders
	@$(BOOT) --dev pytest $(PLUGINS) $(T)

test-long: ## the same tests with longer outages and many more examples: hours
	@TESTS=long $(BOOT) --dev pytest $(PLUGINS) -o faulthandler_timeout=14400 $(T)

mutants: ## disable one guard after the other and check that a test fails: make mutants W=inbox
	@$(BOOT) --dev tests.mutants $(W)

chaos: ## place orders while processes are killed, frozen and disconnected: make chaos SECONDS=60 SEED=7
	@exec env $(BOOT) --dev tests.chaos --seconds $(or $(SECONDS),300) $(if $(SEED),--seed $(SEED)) $(CHAOS)

bench: ## measure how fast the system is on this machine, about six minutes; a short run: make bench B=--short
	@$(BOOT) --dev bench $(B)

bench-full: ## the same before and after filling it: 1,000,000 orders, 5,000,000 messages, 100,000 products; 25 GB of disk
	@$(BOOT) --dev bench --full $(B)

bench-workers: ## measure what a second process of a service brings to what that service limits
	@$(BOOT) --dev bench.workers $(B)

screenshots: ## take the pictures of the README, in docs/pictures
	@$(BOOT) --dev tests.browser.screenshots

bench-pages: ## measure how fast the web pages appear and answer on a slowed processor
	@$(BOOT) --dev bench.pages $(B)

web: ## serve an app with reload, against the running system; Ctrl-C stops it: make web APP=merchant
	@exec env APP=$(or $(APP),storefront) $(BOOT) local.web serve

lint: environment ## style, import rules, types, and whether the generated documents are up to date
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy shared gateway deploy services
	@$(BOOT) --dev local.generated --check
	@$(BOOT) --dev local.web check

lock: environment ## write the lock files with hashes from requirements.in and requirements-dev.in
	@$(COMPILE) requirements.in -o requirements.lock
	@$(COMPILE) requirements-dev.in -c requirements.lock -o requirements-dev.lock

servers: ## start the test servers and keep them running, so that test runs are quick
	@$(BOOT) local.servers up

servers-down: ## stop the test servers
	@$(BOOT) local.servers down

environment:
	@$(BOOT) --dev
