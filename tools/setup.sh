#!/usr/bin/env bash
# Sets up what `make run` (argument: run) or `make test` (argument: test) needs; does nothing quickly when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
say() { printf '==> %s\n' "$*"; }
die() { printf 'yiwang: %s\n' "$*" >&2; exit 1; }

python=""
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || die "Python 3.11, 3.12 or 3.13 was not found. Install it, or name it: make $kind PYTHON=/path/to/python3."

node_ok() { command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
if ! node_ok || ! command -v npm >/dev/null 2>&1; then
    die "Node 20 or newer with npm was not found; the pages' styles and scripts are built with it. Install it and try again."
fi

if [ ! -x .venv/bin/python ]; then
    say "Making the Python environment in .venv"
    rm -rf .venv
    "$python" -m venv .venv || die "Python's venv module did not work. On Debian: apt install python3-venv."
fi

requirements=requirements.txt
[ "$kind" = test ] && requirements=requirements-dev.txt
mark() { cat "$@" pyproject.toml | sha256sum | cut -c1-32; }
# An environment set up for tests has everything that running needs.
want=$(mark requirements.txt) have=$(cat .venv/.yiwang-run 2>/dev/null || true)
[ "$kind" = test ] && want=$(mark requirements-dev.txt) && have=$(cat .venv/.yiwang-test 2>/dev/null || true)
if [ "$want" != "$have" ]; then
    say "Installing Python packages (pinned in $requirements)"
    if command -v uv >/dev/null 2>&1; then
        uv pip install --python .venv/bin/python --quiet --require-hashes -r $requirements
        uv pip install --python .venv/bin/python --quiet --no-deps -e .
    else
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $requirements
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
    fi
    mark requirements.txt >.venv/.yiwang-run
    [ "$kind" = test ] && mark requirements-dev.txt >.venv/.yiwang-test
fi

want=$(cat package-lock.json | sha256sum | cut -c1-32) have=$(cat node_modules/.yiwang 2>/dev/null || true)
if [ "$want" != "$have" ]; then
    say "Installing the pages' packages (pinned in package-lock.json)"
    npm ci --no-audit --no-fund --loglevel=error
    echo "$want" >node_modules/.yiwang
fi
want=$( (find frontend src/yiwang -name '*.html' -o -path 'frontend/*' -type f; echo package-lock.json) | sort | xargs -d '\n' cat | sha256sum | cut -c1-32)
have=$(cat src/yiwang/web/static/dist/.built 2>/dev/null || true)
if [ "$want" != "$have" ]; then
    say "Building the pages' styles and scripts"
    npm run --silent build
    echo "$want" >src/yiwang/web/static/dist/.built
fi

if [ "$kind" = test ] && ! command -v chromium >/dev/null 2>&1; then
    # Browser tests want Debian's Chromium; without it (or the right to install it) they are skipped, and say so.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing Chromium and a Chinese font for the browser tests"
        (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk) >/dev/null 2>&1 ||
            say "Chromium could not be installed; the browser tests will be skipped"
    else
        say "There is no Chromium here; the browser tests will be skipped"
    fi
fi
