"""What is wrong with a command line, in the reader's language: of each kind of error its own words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from api.commands.help import name_placeholders
from graph.errors import LinliError
from graph.wording import Words, word


class WrongUsageError(click.UsageError):
    """A command line that can't be meant so, with words of our own."""

    def __init__(self, words: Words) -> None:
        super().__init__(words["message"])
        self.words = words


MOST_PLACES: Final = 1_000_000_000
"""So many places at most are taken from a command line, as over HTTP."""


def read_whole(text: str) -> int | None:
    """A whole number of places, also below zero; None where it is none, or a digit too many was typed."""
    if not re.fullmatch(r"[+-]?\d{1,10}", text):
        return None
    number = int(text)
    return number if abs(number) <= MOST_PLACES else None


def word_usage(error: click.ClickException, arguments: Sequence[str]) -> Words:
    """The words of an error of a command line.

    Parameters
    ----------
    error : click.ClickException
        As click or a command raised it.
    arguments : sequence of str
        That command line.

    Returns
    -------
    Words
        What is wrong and what to do, in both languages.
    """
    if isinstance(error, WrongUsageError):
        return error.words
    context: click.Context | None = getattr(error, "ctx", None)
    see = f"{context.command_path if context else 'linli'} --help"
    if isinstance(error, click.NoSuchOption):
        code = "usage_option_near" if error.possibilities else "usage_no_option"
        return _unknown(code, error.option_name, error.possibilities, see)
    if isinstance(error, click.exceptions.NoSuchCommand):
        code = "usage_command_near" if error.possibilities else "usage_no_command"
        return _unknown(code, error.command_name, error.possibilities, see)
    if isinstance(error, click.BadOptionUsage):
        has_value = any(argument.startswith(f"{error.option_name}=") for argument in arguments)
        code = "usage_no_value" if has_value else "usage_value_missing"
        return word(code, name=error.option_name, help=see)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name, kind = _name_of(error.param), error.param.type
        if isinstance(kind, click.Choice):
            return word("usage_choice_missing", name=name, choices=kind.choices, help=see)
        is_option = isinstance(error.param, click.Option)
        return word("usage_option_missing" if is_option else "usage_argument_missing", name=name, help=see)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_value(error.param, arguments, see)
    return word("usage_wrong", help=see)


def _unknown(code: str, name: str, near: list[str] | None, see: str) -> Words:
    """For an option or a command that there isn't, with the nearest that there is."""
    return word(code, name=name, near=near[0], help=see) if near else word(code, name=name, help=see)


def find_option(arguments: Sequence[str], name: str) -> str | None:
    """The value of an option of a command line that may be wrong elsewhere."""
    for at, argument in enumerate(arguments):
        if argument == name and at + 1 < len(arguments):
            return arguments[at + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return None


def _bad_value(param: click.Parameter, arguments: Sequence[str], see: str) -> Words:
    """For a value that its option or argument doesn't take."""
    name = _name_of(param)
    values = [find_option(arguments, option) for option in param.opts if isinstance(param, click.Option)]
    found = next((value for value in values if value is not None), None)
    expected = _expected(param.type)
    if found is None:
        return word("usage_bad", name=name, expected=expected, help=see)
    return word("usage_bad_value", name=name, found=found, expected=expected, help=see)


def _expected(kind: click.ParamType[Any]) -> Words:
    """What a parameter takes, by its type."""
    if isinstance(kind, click.Choice):
        return word("expects_choice", choices=[str(choice) for choice in kind.choices])
    if isinstance(kind, click.IntRange | click.FloatRange):
        is_whole = isinstance(kind, click.IntRange)
        if kind.max is None:
            return word("expects_whole_from" if is_whole else "expects_number_from", least=kind.min)
        return word("expects_whole" if is_whole else "expects_number", least=kind.min, most=kind.max)
    if isinstance(kind, click.DateTime):
        return word("expects_day")
    if isinstance(kind, click.Path):
        return word("expects_file" if kind.file_okay else "expects_folder")
    return word("expects_other")


def _name_of(param: click.Parameter) -> str | Words:
    """What a parameter is called in help: its longest option, or what stands for an argument."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    name = (param.metavar or param.human_readable_name).strip("[].").upper()
    return Words(message=name, message_zh=name_placeholders(name), remedy="", remedy_zh="")


def words_of(error: LinliError) -> Words:
    """The words of a refusal that makes a command line wrong."""
    return Words(
        message=error.message,
        remedy=error.remedy,
        message_zh=error.message_zh,
        remedy_zh=error.remedy_zh,
    )


OF_SYSTEM: Final[Mapping[type[OSError], str]] = {
    FileNotFoundError: "path_missing",
    PermissionError: "path_forbidden",
    IsADirectoryError: "path_is_folder",
    NotADirectoryError: "path_is_file",
    FileExistsError: "path_exists",
}
"""The words of what a computer refuses about files; anything else is told as the computer says it."""


def word_system(error: OSError) -> Words:
    """The words of a file that can't be read or written."""
    path = error.filename if error.filename is not None else "linli"
    for kind, code in OF_SYSTEM.items():
        if isinstance(error, kind):
            return word(code, path=path)
    return word("path_trouble", path=path, why=error.strerror or error)
