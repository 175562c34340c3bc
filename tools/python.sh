#!/bin/sh
# Prints the newest Python that linli supports and that can make an environment; says in one line what is
# missing if there is none. PYTHON=/path/to/python3.x decides instead of the search.
set -eu

oldest=11 newest=14  # as in pyproject.toml

minor_version() { "$1" -c 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)' 2>/dev/null || echo 0; }
can_make_environments() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

candidates=${PYTHON:-}
if [ -z "$candidates" ]; then
    minor=$newest
    while [ "$minor" -ge "$oldest" ]; do
        candidates="$candidates python3.$minor"
        minor=$((minor - 1))
    done
    candidates="$candidates python3 python"
fi

without_venv=
found=
for candidate in $candidates; do
    minor=$(minor_version "$candidate")
    [ "$minor" -gt 0 ] && found="$found $candidate is 3.$minor;"
    [ "$minor" -ge "$oldest" ] && [ "$minor" -le "$newest" ] || continue
    if can_make_environments "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
    without_venv=${without_venv:-$minor}
done

if [ -n "$without_venv" ]; then
    echo "linli: Python 3.$without_venv lacks its venv module; install it (Debian, Ubuntu: apt install python3.$without_venv-venv)." >&2
else
    echo "linli: needs Python 3.$oldest to 3.$newest (found:${found:- none}); install one or name it: make PYTHON=/path/to/python3.$newest" >&2
fi
exit 1
