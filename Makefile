.PHONY: help run dev check test bench clean
.DEFAULT_GOAL := help

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: ## build optimised and serve on http://127.0.0.1:3000, with a database of its own
	@scripts/run

dev: ## rebuild and reload on change
	@scripts/dev

check: ## format, clippy, sqlx's offline data, migrations there and back
	@scripts/check

test: ## every test: Rust against PostgreSQL, then browsers against the release build
	@scripts/test

bench: ## requests per second, import rate, SQL times and download sizes, as a table
	@scripts/bench

clean: ## remove what was built and the test database; the shop's own data in .data stays
	@scripts/postgres --test stop
	cargo clean
	rm -rf .data/postgres-test end2end/node_modules end2end/test-results end2end/playwright-report
