"""The demonstration on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Show, show_load, show_match
from api.render_gaps import show_gaps

if TYPE_CHECKING:
    from api.services.demo import Demo

DEMO_GAPS: Final = 8


def show_demo(made: Demo) -> Show:
    """What the demonstration made, one part after the other."""

    def show(console: Console, language: Language) -> None:
        document = made.document
        console.print(say("demo_synthetic", language), style="bold")
        show_load(document["loaded"])(console, language)
        show_match(document["match"], made.names)(console, language)
        show_gaps(document["gaps"], made.names, DEMO_GAPS)(console, language)
        console.print(escape(say("demo_reports", language, n=sum(document["reports"]["kept"].values()))))
        for url in (made.url, made.reports_url):
            console.print(escape(f"  linli serve --store {url}"), soft_wrap=True)

    return show
