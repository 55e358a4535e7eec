#!/usr/bin/env bash
# Everything that must hold, cheapest first; ends with pytest's own summary.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '==> %s\n' "$*"; }
step "Format"
$bin/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
step "Lint"
$bin/ruff check --quiet .
step "Types"
$bin/mypy --no-error-summary
step "Import graph"
$bin/lint-imports --no-logo
step "Tests"
exec $bin/pytest "$@"
