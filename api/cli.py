"""The command line: `linli`, its commands, and how what goes wrong is told."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any, Final, NoReturn

import click

from api.commands.help import Helped
from api.commands.texts import Language, choose_language, say
from api.commands.usage import find_option, word_system, word_usage
from graph.errors import LinliError, StoreUrlError

FAILED: Final = 1
WRONG_USAGE: Final = 2
_USAGE: Final = frozenset({"unsafe-host"})
SHARED: Final[Mapping[str, bool]] = {"--store": True, "--lang": True, "--json": False, "--debug": False}
"""Options that every command takes, before its name too, and whether a value follows."""

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "load": ("lists", "Load lists into the store."),
    "check": ("lists", "Check lists; nothing is stored (load --dry-run)."),
    "undo": ("lists", "Take a revision back."),
    "copy": ("lists", "Copy a store, history included, and verify it."),
    "match": ("rounds", "Match needs with offers for a round."),
    "assignments": ("rounds", "Who serves whom in the newest round."),
    "gaps": ("rounds", "What is unmatched and why; blind spots."),
    "explain": ("rounds", "Why a need is served as it is."),
    "publish": ("publish", "Publish a proposed round."),
    "network": ("network", "How the alliance is tied: who connects, who depends on whom."),
    "pair": ("pair", "Whom to pair next, and what it would gain."),
    "rota": ("rota", "Whose turn of duty it is, fair over the year."),
    "group": ("group", "Even groups of parties that are of use to each other."),
    "beside": ("beside", "Where a place more would help, what fairness would cost."),
    "try": ("trial", "Who would gain and lose if something were otherwise."),
    "access": ("access", "What supply needs can count on, by category and area."),
    "actions": ("planning", "What would close the gaps best for a budget."),
    "sites": ("planning", "Where new stations should stand."),
    "lock": ("rounds", "Promise places of an offer to a need."),
    "refuse": ("rounds", "Note that an offer's unit declined a need."),
    "export": ("files", "Write lists, assignments, gaps and claim sheets."),
    "sample": ("files", "Write sample lists."),
    "demo": ("service", "Show linli at work on a made-up sub-district."),
    "serve": ("service", "Serve the workbench on this computer."),
}
"""Each command: the module that has it, and what it does, so that `linli --help` imports none of them."""


class Doors(Helped, click.Group):
    """The group of all commands, loaded when asked for; errors are one plain line and a remedy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order in which a planner meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        # A word of Python can't name a function.
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        found = getattr(import_module(f"api.commands.{COMMANDS[cmd_name][0]}"), name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run a command line and exit with its code: 0, 1, 2 or 3."""
        given = list(sys.argv[1:] if args is None else args)
        language = choose_language(find_option(given, "--lang"))
        arguments = _shared_last(given)
        try:
            code = super().main(
                arguments, prog_name or "linli", complete_var, standalone_mode=False, obj=language, **extra
            )
        except Exception as error:
            code = _fail(error, arguments, language)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=Doors, name="linli", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linli", message="linli %(version)s")
def main() -> None:
    """Match what neighbourhoods need with the units that can serve it, and see the gaps.

    Begin with: linli demo, or linli load YOUR-LISTS.xlsx, then linli match and linli gaps.

    Every command takes --store URL, --json, --lang zh or en, and --debug, before or behind its name.
    """


def _shared_last(arguments: list[str]) -> list[str]:
    """A command line with the shared options before the command's name put behind it."""
    leading, rest = _split_shared(arguments)
    if rest and rest[0] == "sample":
        more, behind = _split_shared(rest[1:])
        leading, rest = [*leading, *more], ["sample", *behind]
    names = 2 if rest[:1] == ["sample"] else 1
    if len(rest) < names or rest[names - 1].startswith("-"):
        # Help alone, in the language asked for.
        return rest
    return [*rest[:names], *leading, *rest[names:]]


def _split_shared(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The shared options that a command line begins with, and the rest."""
    at = 0
    while at < len(arguments) and arguments[at].partition("=")[0] in SHARED:
        name, is_whole, _ = arguments[at].partition("=")
        at += 2 if SHARED[name] and not is_whole else 1
    return arguments[:at], arguments[at:]


def _fail(error: Exception, arguments: Sequence[str], language: Language) -> int:
    """Tell an error: a problem document where JSON was asked for, and a plain line and a remedy."""
    if isinstance(error, click.Abort):
        click.echo(say("stopped", language), err=True)
        return FAILED
    if "--debug" in arguments and not isinstance(error, click.ClickException):
        traceback.print_exception(error)
    document = _document(error, language, arguments)
    if "--json" in arguments:
        click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return WRONG_USAGE
    for sentence in (document["detail"], document["remedy"]):
        if sentence:
            click.echo(sentence, err=True)
    is_usage = isinstance(error, (click.UsageError, StoreUrlError)) or getattr(error, "code", "") in _USAGE
    return WRONG_USAGE if is_usage else FAILED


def _document(error: Exception, language: Language, arguments: Sequence[str]) -> dict[str, Any]:
    """The problem document of an error, as the service would give it."""
    from api.problems import DoorError, describe
    from graph.wording import word

    told: Exception = error
    if isinstance(error, click.ClickException):
        told = DoorError("wrong-usage", **word_usage(error, arguments))
    elif isinstance(error, OSError):
        told = DoorError("file", **word_system(error))
    elif not isinstance(error, LinliError):
        # On a terminal whoever typed the command may see what exactly went wrong.
        text = " ".join(str(error).split()) or type(error).__name__
        told = DoorError("failed", **word("unexpected", error=text))
    return describe(told, language=language)
