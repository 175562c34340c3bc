"""What the measures are called, what they say to a planner, and the page that documents them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from graph.measures.names import KINDS, MEASURES, PARTY_MEASURES, UNFIT, WHOLE_MEASURES
from graph.network_ties import ABOUT


@cache
def measure_words() -> Mapping[str, Any]:
    """Words of the measures (`measures`, and `of` networks where they mean something else), of `reasons`."""
    table: dict[str, Any] = json.loads(
        files("graph").joinpath("words/measures.json").read_text(encoding="utf-8")
    )
    return table


def saying_of(measure: str, kind: str) -> Mapping[str, str]:
    """What a measure says to a planner of one network, `zh` and `en`."""
    about = measure_words()["measures"][measure]
    own: Mapping[str, str] | None = measure_words()["of"].get(kind, {}).get(measure)
    return own or {"zh": about["says_zh"], "en": about["says_en"]}


def name_of(measure: str, kind: str) -> Mapping[str, str]:
    """What a measure is called in one network, `zh` and `en`: where it counts something else, by that."""
    own: Mapping[str, Mapping[str, str]] = measure_words()["of"].get(kind, {}).get(measure, {})
    found: Mapping[str, str] = own.get("name") or measure_words()["measures"][measure]
    return {language: found[language] for language in ("zh", "en")}


def _refused(kind: str) -> str:
    return ", ".join(f"`{name}`" for name in MEASURES if name in UNFIT.get(kind, ()))


def _called(measure: str, kind: str) -> str:
    named = name_of(measure, kind)
    is_own = "name" in measure_words()["of"][kind][measure]
    return f" ({named['zh']} {named['en']})" if is_own else ""


def render_page() -> str:
    """The page docs/measures.md: every measure with its formula, source and range."""
    table = measure_words()
    lines = [
        "# Measures of the network",
        "",
        "Written by `make docs` from `graph/words/measures.json`; don't edit by hand.",
        "",
        "`linli network --measure NAME` and `linli.measures.measure(snapshot, NAME)` take them of the",
        "networks below (`--kind`, `kind=`), as of any day. Self-ties don't count; units without a tie stand",
        "in every network but those of branches. n is the number of parties, m of ties, d(i) of the partners",
        "of i, p(i, j) the share of j among the ties of i. What is undefined is null, with its reason; what",
        "is unsure has an interval and the status `estimate`, or `bounded` where the interval is sure.",
        "",
        "## Networks",
        "",
        "| network | ties | | measures that say nothing of it, and are refused |",
        "|---|---|---|---|",
        *(f"| `{kind}` | {ABOUT[kind][0]} | {ABOUT[kind][1]} | {_refused(kind)} |" for kind in KINDS),
        "",
        "`linli.network.view` makes each a networkx graph, for GraphML and GEXF by networkx's own writers;",
        "`as_csr`, `as_frame` and `as_igraph` hand it on. igraph is under the GPL, never installed unasked:",
        "`pip install '.[igraph]'` in a checkout brings it (the extra `igraph`).",
        "",
        "A view holds those who are tied; measures count units without a tie too. So what networkx says of a",
        "view, such as `nx.density`, is of the tied alone, and differs where units have no tie.",
        "",
        "In `agreements` a pairing is no partner, so that measures of partners among each other say nothing;",
        "through the ties of `complement`, which could be, nothing goes yet; a tree has no circles, and its",
        "branches belong to no group.",
        "",
        "## Lists that go on",
        "",
        "A pairing may say that its list goes on (等多家); how many parties it leaves out nobody says.",
        "Of `degree`, `strength`, `core` and `density` that leaves sure bounds. Of measures that further",
        "ties can make larger or smaller, `from` and `to` are the least and most of up to 100 draws in",
        "which each such list has one party more, drawn evenly (`unsure` is `further`, `further_draws` how",
        "many): no bound. Of other ties than pairings, or where a network is too large for 20 draws in",
        "some seconds, there is no range (`unsure` is `incomplete`). A draw in which a measure is undefined",
        "widens nothing. The number of a `community` is a name and has no range; its `together` has.",
        "",
    ]
    for title, names in (("Of each party", PARTY_MEASURES), ("Of the whole", WHOLE_MEASURES)):
        lines += [f"## {title}", ""]
        for name in names:
            entry = table["measures"][name]
            lines += [f"### `{name}` {entry['zh']} {entry['en']}", "", entry["says_zh"], entry["says_en"], ""]
            lines += [
                f"- Formula: {entry['formula']}",
                f"- Range: {entry['range']}",
                f"- Source: {entry['source']}",
                *([f"- Interval: {entry['interval']}"] if "interval" in entry else []),
                *(
                    f"- Of `{kind}`{_called(name, kind)}: {own[name]['zh']} {own[name]['en']}"
                    for kind, own in table["of"].items()
                    if name in own
                ),
                "",
            ]
    lines += ["## Why a measure is undefined", "", "| reason | 中文 | English |", "|---|---|---|"]
    lines += [f"| `{key}` | {entry['zh']} | {entry['en']} |" for key, entry in table["reasons"].items()]
    return "\n".join(lines) + "\n"
