"""What every command shares: its options, where its answer goes, and how its work is shown."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.commands.help import Helped
from api.commands.texts import Language, choose_language, say, say_step
from api.commands.usage import WrongUsageError
from api.services.stores import DEFAULT_URL, opened
from graph.wording import word

if TYPE_CHECKING:
    from rich.console import Console

    from graph.store import Store

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Door:
    """Where a command finds its store and where its answer goes.

    Attributes
    ----------
    url : str
        The store's address.
    as_json : bool
        Standard output gets exactly one JSON document.
    language : str
        Of what people read: `zh` or `en`.
    """

    url: str
    as_json: bool
    language: Language

    def store(self, *, must_exist: bool = True) -> AbstractContextManager[Store]:
        """The store, for as long as a block lasts; see `api.services.stores.opened`."""
        return opened(self.url, must_exist=must_exist)

    def text(self, key: str, **values: object) -> str:
        """A sentence in the command's language."""
        return say(key, self.language, **values)

    def note(self, key: str, **values: object) -> None:
        """Say something on standard error, beside the answer."""
        click.echo(self.text(key, **values), err=True)

    def remark(self, key: str, **values: object) -> None:
        """Say something on standard error to a person; a program that asked for JSON isn't told."""
        if not self.as_json:
            self.note(key, **values)

    def answer(self, document: Any, show: Callable[[Console, Language], None]) -> None:
        """Give the command's answer: the document as JSON, or shown to a person."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        else:
            show(make_console(), self.language)

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """A bar on standard error where that is a terminal; None where nobody watches."""
        if not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bars(*columns, console=Terminal(stderr=True), transient=True) as bars:
            task = bars.add_task("", total=None)

            def tell(step: str, done: int, total: int) -> None:
                bars.update(
                    task, description=say_step(step, self.language), completed=done, total=total or None
                )

            yield tell


def make_console() -> Console:
    """A console on standard output, no narrower than a table wants where no terminal says how wide it is."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 110
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)


class Command(Helped):
    """A command whose help ends with examples, one a line."""

    def __init__(self, *arguments: Any, examples: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.examples = examples
        # What is too much is refused in our own words.
        self.allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; refuse those that nothing takes."""
        help_line = f"{ctx.command_path} --help"
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise WrongUsageError(word("usage_too_much", extra=" ".join(rest), help=help_line))
        return rest


def door_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--store`, `--json`, `--lang` and `--debug`; it gets a `Door` first."""

    @click.option(
        "--store",
        "store_url",
        envvar="LINLI_STORE",
        default=DEFAULT_URL,
        metavar="URL",
        help="The store: sqlite:///FILE or neo4j://HOST:PORT. Else LINLI_STORE, else ./linli.db.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Exactly one JSON document on standard output.")
    @click.option(
        "--lang", type=click.Choice(["zh", "en"]), envvar="LINLI_LANG", help="Language of what is shown."
    )
    @click.option("--debug", is_flag=True, help="Show where an error came from.")
    @wraps(function)
    def wrapper(*args: Any, store_url: str, as_json: bool, lang: str | None, **options: Any) -> Any:
        del options["debug"]  # read where errors are shown, see api.cli
        return function(Door(store_url, as_json, choose_language(lang)), *args, **options)

    return wrapper


class Number(click.FloatRange):
    """A number within limits; NaN, which compares as neither too small nor too large, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that a text stands for."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is no number", param, ctx)
        return number


class _Source(click.Path):
    """A file or folder that there is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path that a text stands for."""
        if not Path(value).exists():
            raise WrongUsageError(word("usage_no_path", path=value))
        return super().convert(value, param, ctx)


def paths_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take one or more files or folders that exist."""
    return click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_Source(path_type=Path))(
        function
    )
