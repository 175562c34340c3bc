"""Groups of parties on a terminal: who stands in which, how good that is, and how today's compare."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language
from api.render import Json, Show

_TEXTS: Final = {
    "found": (
        "{n}组，亲和度{affinity:.2f}（上限{bound:.2f}），组内能满足的互补{complement:.0%}{metres}{apart}",
        "{n} groups, affinity {affinity:.2f} (of {bound:.2f}), {complement:.0%} met inside{metres}{apart}",
    ),
    "metres": ("，相距平均{m:.0f}米", ", {m:.0f} m apart on average"),
    "apart": ("；有的组不相连", "; some groups don't hang together"),
    "today": ("现在：", "Today: "),
    "no_today": ("现在还没有可比的分组", "There are no groups today to compare with"),
    "moves": ("换组{moved}家，新进{new}家", "{moved} change over, {new} come in"),
    "continues": ("第{n}组（{size}家，接{name}）：", "Group {n} ({size}, continues {name}): "),
    "group": ("第{n}组（{size}家）：", "Group {n} ({size}): "),
}


def show_groups(document: Json) -> Show:
    """The groups, and today's beside them."""

    def show(console: Console, language: Language) -> None:
        console.print(escape(_tell(document, language)))
        for reason in document["reasons"]:
            console.print(escape(reason["text" if language == "zh" else "text_en"]))
        for row in document["groups"]:
            names = ("、" if language == "zh" else ", ").join(party["name"] for party in row["parties"])
            key = "continues" if row["continues"] else "group"
            title = _text(key, language, n=row["group"], size=row["size"], name=row["continues_name"])
            console.print(escape(title + names))
        today = document["today"]
        if today is None:
            console.print(escape(_text("no_today", language)))
        else:
            console.print(escape(_text("today", language) + _tell(today, language)))
            moved = sum(move["from"] is not None for move in document["moves"])
            new = len(document["moves"]) - moved
            console.print(escape(_text("moves", language, moved=moved, new=new)))

    return show


def _tell(judged: Json, language: Language) -> str:
    metres, connected = judged["distance_m"], judged["connected"]
    return _text(
        "found",
        language,
        n=len(judged["sizes"]),
        affinity=judged["affinity"],
        bound=judged["bound"],
        complement=judged["complement"],
        metres="" if metres is None else _text("metres", language, m=metres),
        apart="" if connected else _text("apart", language),
    )


def _text(key: str, language: Language, **filling: object) -> str:
    return _TEXTS[key][0 if language == "zh" else 1].format(**filling)
