"""Documents as short, calm tables on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.commands.texts import Language, say
from graph.taxonomy import words

Json = Mapping[str, Any]
Show = Callable[[Console, Language], None]

PROBLEMS_SHOWN: Final = 30
ASKED_SHOWN: Final = 5


def make_table(language: Language, *columns: str, title: str | None = None) -> Table:
    """A table whose columns are keys of texts; a key that ends in `#` holds numbers."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, title_style="bold")
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.endswith("#") else "left"
        table.add_column(say(column.rstrip("#"), language), justify=justify, overflow="fold")
    return table


def add_row(table: Table, *cells: object) -> None:
    """Add a row; unknown is a dash, text is shown as it is written."""
    table.add_row(*("—" if cell is None else escape(str(cell)) for cell in cells))


def word(section: str, key: str, language: Language) -> str:
    """The domain's word for a value; a value that has none stands for itself."""
    table = words().get(section) or words()["values"][section]
    entry = table.get(key)
    return str(entry[language]) if entry else key


def show_counts(counts: Mapping[str, int], heading: str, **values: object) -> Show:
    """Rows per table under a sentence."""

    def show(console: Console, language: Language) -> None:
        console.print(escape(say(heading, language, n=sum(counts.values()), **values)))
        table = make_table(language, "list", "rows#")
        for name, count in counts.items():
            add_row(table, word("tables", name, language), count)
        console.print(table)

    return show


def show_load(document: Json) -> Show:
    """What a load kept and refused, and its problems."""

    def show(console: Console, language: Language) -> None:
        kept, unchanged, deleted = document["kept"], document["unchanged"], document["deleted"]
        table = make_table(language, "list", "rows_kept#", "rows_unchanged#")
        for name, count in kept.items():
            add_row(table, word("tables", name, language), count, unchanged.get(name, 0))
        console.print(table)
        for name, count in deleted.items():
            console.print(f"{say('rows_deleted', language)} {word('tables', name, language)} {count}")
        if document["dry_run"]:
            console.print(say("checked", language))
        elif kept == unchanged and not deleted:
            console.print(say("nothing_changed", language))
        else:
            console.print(say("loaded", language, revision=document["revision"]))
        for name, count in document["drafts"].items():
            console.print(f"{say('rows_drafted', language)} {word('tables', name, language)} {count}")
        if document["refused"]:
            console.print(say("refused", language, n=document["refused"]))
        for item in document["unread"]:
            source = item["sheet"] or item["file"]
            console.print(escape(say("unread", language, list=source, n=item["rows"])))
        show_problems(document["problems"])(console, language)

    return show


def show_undone(document: Json) -> Show:
    """Which revision was taken back, and the promises that lost what they are of."""

    def show(console: Console, language: Language) -> None:
        console.print(say("undone", language, **document))
        if "claims_left" in document:
            console.print(
                say("claims_left", language, n=document["claims_left"], revision=document["revision"])
            )

    return show


def show_problems(problems: Sequence[Json], most: int = PROBLEMS_SHOWN) -> Show:
    """Problems with their places and remedies, refused rows first."""

    def show(console: Console, language: Language) -> None:
        if not problems:
            console.print(say("no_problems", language))
            return
        console.print(say("problems", language, n=len(problems)))
        table = make_table(language, "where", "found", "remedy")
        ranked = sorted(problems, key=lambda problem: problem["severity"] != "error")
        for problem in ranked[:most]:
            sign = "✕" if problem["severity"] == "error" else "△"
            add_row(table, f"{sign} {_place(problem, language)}", problem["found"], problem["remedy"])
        console.print(table)
        if len(problems) > most:
            console.print(say("problems_more", language, n=len(problems) - most))

    return show


def _place(problem: Json, language: Language) -> str:
    source = " / ".join(part for part in (problem["file"], problem["sheet"]) if part)
    if problem["row"] is None:
        return f"{source} {problem['column'] or ''}".strip()
    return f"{source} {say('row_at', language, row=problem['row'], column=problem['column'] or '')}".strip()


def show_match(document: Json, names: Mapping[str, str]) -> Show:
    """The figures of a match, by priority beside the by-hand rule, and whom to ask first."""

    def show(console: Console, language: Language) -> None:
        round_ = document["round"]
        about = how_good(document, language)
        if not (document["needs"] or document["projects"]["wanted"] or document["money"]):
            # Nothing asked for is served as well as can be: true, and no help.
            console.print(say("nothing_wanted", language))
            return
        console.print(
            say("round", language, id=round_["id"], first=round_["from"], last=round_["to"], status=about)
        )
        for sentence in (*_sentences(document, language), *_rule_sentences(document, language)):
            console.print(escape(sentence))
        console.print(_by_priority(document, language))
        if document["ask_first"]:
            console.print(_ask_first(document["ask_first"], names, language))

    return show


def _rule_sentences(document: Json, language: Language) -> Iterable[str]:
    """What was kept of a published round and how well, and how places are spread over units."""
    keep, load = document.get("keep"), document.get("load")
    if keep is not None:
        yield say("keep", language, **{**keep, "of": keep["places"]})
        if told := _how_kept(keep):
            yield say(told, language, most=keep["most_moves"], fewest=keep["fewest"], gap=keep["gap_m"])
    if load is not None:
        yield say("load", language, **load)


def _how_kept(keep: Json) -> str:
    """Which sentence says how good a round is by its limit of moves; none where there is no limit."""
    most, status = keep["most_moves"], keep["status"]
    if most is None:
        return ""
    if status != "exceeded" and keep["moved"] > most:
        return "keep_heuristic"
    # A match that isn't proved best says nothing of how far it is from the best by the limit.
    return (
        "keep_unproved"
        if status == "heuristic" or (status, keep["gap_m"]) == ("bounded", None)
        else f"keep_{status}"
    )


def how_good(document: Json, language: Language) -> str:
    """Proved best, or by how much at most it isn't."""
    about, bound = word("solution_status", document["status"], language), document.get("within")
    if bound is None:
        return about
    if bound["places_proved"]:
        percent = bound["cost_percent"]
        return about if percent is None else say("within_cost", language, x=f"{percent:g}")
    more = bound["places_up_to"]
    best = [int(priority) for priority, places in more.items() if not places]
    return say("within_best" if best else "within_places", language, n=more["5"], p=max(best, default=0))


def _sentences(document: Json, language: Language) -> Iterable[str]:
    wanted, served = document["places_wanted"], document["places_served"]
    yield say("figures", language, wanted=wanted, served=served, unserved=wanted - served)
    gained = served - document["nearest_first"]["places_served"]
    yield say("by_hand" if gained else "by_hand_same", language, n=gained)
    compared = document["comparison"]
    ours, theirs = compared["metres_per_place"], compared["nearest_first_metres_per_place"]
    if ours is not None and theirs is not None:
        known = served - document["places_without_distance"]
        yield say("walked", language, known=known, served=served, ours=round(ours), theirs=round(theirs))
    if document["assumed_offers"]:
        upper = document["places_served_upper"]
        yield say("upper", language, n=document["assumed_offers"], upper=upper)
    if document["projects"]["wanted"]:
        yield say("projects", language, **{key: document["projects"][key] for key in _PROJECT_FIGURES})
    if document["money"]:
        money = document["money"]
        yield say("money", language, wanted=money["places_wanted"], served=money["places_served"])


_PROJECT_FIGURES: Final = ("wanted", "units", "full", "partly", "unclaimed")


def _by_priority(document: Json, language: Language) -> Table:
    table = make_table(language, "priority", "wanted#", "served#", "unserved#", "hand#")
    by_hand = document["nearest_first"]["served_by_priority"]
    for priority, wanted in document["wanted_by_priority"].items():
        served = document["served_by_priority"][priority]
        if wanted:
            label = f"{priority} {word('priority', priority, language)}"
            add_row(table, label, wanted, served, wanted - served, by_hand[priority])
    return table


def _ask_first(asked: Sequence[Json], names: Mapping[str, str], language: Language) -> Table:
    table = make_table(language, "unit", "offer", "gain#", title=say("ask_first", language))
    for ask in asked[:ASKED_SHOWN]:
        unit, offer = (names.get(ask[key], ask[key]) for key in ("unit", "offer"))
        add_row(table, unit, offer, ask["gain_places"])
    return table


def show_assignments(rows: Sequence[Json], names: Mapping[str, str], most: int) -> Show:
    """Who serves whom."""

    def show(console: Console, language: Language) -> None:
        table = make_table(language, "need", "unit", "offer", "places#", "metres#", "note")
        for row in rows[:most]:
            target = row.get("need") or row.get("project")
            add_row(
                table,
                _named(target, names),
                names.get(row["unit"], row["unit"]),
                None if row["offer"] is None else names.get(row["offer"], row["offer"]),
                row["places"],
                _metres(row),
                "、".join(_remarks(row, language)),
            )
        console.print(table)
        if len(rows) > most:
            console.print(say("rows_more", language, n=len(rows) - most))

    return show


def _metres(row: Json) -> str | None:
    if row["distance_m"] is None:
        return None
    return f"{'≈' if row['estimate'] else ''}{row['distance_m']:.0f}"


def _remarks(row: Json, language: Language) -> Iterable[str]:
    if row["locked"]:
        yield say("locked_mark", language)
    if row["assumed"]:
        yield word("warnings", "assumed", language)
    if row["fit"] == "broad":
        yield word("warnings", "broad", language)


def _named(record_id: str | None, names: Mapping[str, str]) -> str | None:
    if record_id is None:
        return None
    name = names.get(record_id)
    return record_id if name is None or name == record_id else f"{name} ({record_id})"


def show_explanation(document: Json, names: Mapping[str, str]) -> Show:
    """Why a need is served as it is."""

    def show(console: Console, language: Language) -> None:
        console.print(escape(_named(document["need"], names) or ""), style="bold")
        sentence = document.get(f"sentence_{language}")
        if sentence:
            console.print(escape(sentence))
        for key, why in (("served_by", "why"), ("alternatives", "reason")):
            # Who serves the need stands in the first table already.
            rows = [row for row in document[key] if row.get("reason") != "chosen"]
            if rows:
                table = make_table(language, "unit", "offer", "metres#", "why", title=say(key, language))
                for row in rows:
                    unit, offer = (row.get("unit"), row.get("offer"))
                    metres = row.get("distance_m")
                    add_row(
                        table,
                        names.get(unit, unit) if unit else None,
                        names.get(offer, offer) if offer else None,
                        None if metres is None else round(metres),
                        row.get(f"sentence_{language}") or row.get(why),
                    )
                console.print(table)
        for row in (document["unserved"] or {}).get("would_do", ()):
            console.print(escape(row[f"sentence_{language}"]))

    return show
