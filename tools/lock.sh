#!/bin/sh
# Writes the lock files anew from pyproject.toml; the versions they hold now stay where they still fit.
# UPGRADE=1 takes the newest versions instead. The lock files name no host: pip asks whichever index it is set to.
set -eu
cd "$(dirname "$0")/.."
python=$(sh tools/python.sh)

tools_env=.venv-lock
[ -x "$tools_env/bin/uv" ] || { "$python" -m venv "$tools_env" && "$tools_env/bin/pip" install --quiet uv; }

compile() {
    output=$1
    shift
    "$tools_env/bin/uv" pip compile --quiet --universal --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
        ${UPGRADE:+--upgrade} --output-file "$output" "$@"
    echo "$output: $(grep -c '==' "$output") packages"
}

compile requirements-dev.txt pyproject.toml --group dev
compile requirements.txt pyproject.toml --group build --constraints requirements-dev.txt
compile requirements-cluster.txt pyproject.toml --extra cluster --group build --constraints requirements-dev.txt
compile requirements-node.txt --group node
compile requirements-notebooks.txt --group notebooks --constraints requirements-dev.txt
