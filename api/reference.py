"""The page `docs/api.md`: every route, rendered from the routes themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.problems import KINDS, TYPE_PREFIX

_TAGS: Final[Mapping[str, str]] = {
    "store": "The store",
    "records": "Records",
    "loads": "Lists",
    "history": "History",
    "rounds": "Rounds",
    "match": "What a round says",
    "network": "The network",
    "planning": "What to do next",
    "page": "The page's figures",
    "claims": "Promises",
    "exports": "Exports",
}
"""Groups of routes, in the order in which the page shows them."""

_METHODS: Final = ("get", "post", "put", "patch", "delete")

_INTRODUCTION: Final = """# The HTTP interface

Rendered from `api/routes`. `linli serve` serves it on 127.0.0.1; `/openapi.json` describes it to programs,
shapes and examples included.

- Answers are JSON in UTF-8. Fields are named as in `docs/schema.md`, dates are ISO, unknown is `null`. The
  documents of `/v1/match`, `/v1/assignments`, `/v1/gaps` and `/v1/explain/{need}` are those that the
  commands of the same names print with `--json`.
- `round` names a round; without it, or with `current`, the newest one is meant.
- **Pages.** Long lists come as `{items, next, total}`; hand `next` back as `cursor` for the following page. A
  `Link` header says the same.
- **Changes.** Reads carry an `ETag`; `If-None-Match` gives 304 where nothing changed. `If-Match` on PATCH and
  DELETE gives 412 where somebody else was quicker. Every write is one revision, named in the header
  `Revision`, and can be undone.
- **Long work.** `POST /v1/rounds` gives 202 and a job; `/v1/jobs/{id}/events` sends its news as server-sent
  events (`progress`, then `done`, `failed` or `cancelled`), `DELETE` cancels it. Jobs stand in the store: any
  service that shares it tells of them and cancels them, and what one that ended had begun, another does.
- **Lists** that were uploaded wait beside the store, readable by the service's user alone, until they are
  loaded, discarded, or a day old. A file may have 64 MB.
- **Publishing** takes effect after 30 seconds, by whichever service of the store is at work then; where none
  is for an hour, nothing is published. `linli publish` publishes at once and prints the same document, as it
  is then. docs/stores.md says more of several services on one store.
- **Who may ask.** Nobody signs in yet: the service answers under this machine's own names alone, and takes
  changes from its own page, or from programs on this machine, but from no other site's page.
- `Accept-Language: en` gives titles and problems in English, all else in Chinese.
"""


def render_routes(openapi: Mapping[str, Any]) -> str:
    """The page, from an app's OpenAPI document."""
    lines = [_INTRODUCTION]
    routes = list(_routes(openapi))
    for tag, title in _TAGS.items():
        lines += [f"## {title}", "", "| route | gives | answers |", "|---|---|---|"]
        lines += [_row(path, method, route) for path, method, route in routes if tag in route["tags"]]
        lines.append("")
    lines += ["## Refusals", "", "Every refusal is a problem document (RFC 9457): `type`, `title`, `status`,"]
    lines += ["`detail`, `remedy`, `instance`, and `problems` where cells of a list are meant.", ""]
    lines += ["| type | status | title |", "|---|---|---|"]
    lines += [
        f"| `{TYPE_PREFIX}{code}` | {kind.status} | {kind.zh} {kind.en} |" for code, kind in KINDS.items()
    ]
    return "\n".join(lines) + "\n"


def _routes(openapi: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]


def _row(path: str, method: str, route: Mapping[str, Any]) -> str:
    text = " ".join(route["description"].split()).replace("|", "\\|")
    names = [item["name"] for item in route.get("parameters", ()) if item["in"] == "query"]
    query = f" Query: {', '.join(f'`{name}`' for name in names)}." if names else ""
    return f"| `{method.upper()} {path}` | {text}{query} | {', '.join(sorted(route['responses']))} |"
