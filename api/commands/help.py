"""Help in Chinese: the texts of `graph/words/help.json`, laid out for signs that are two columns wide."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import click

WIDTH: Final = 80
"""Columns of a terminal's line."""

WIDEST_NAME: Final = 28
"""Options that take more columns have what they do on the next line."""


@cache
def read_help() -> Mapping[str, Mapping[str, str]]:
    """What each command does, behind an empty name, and what its options do; the first line is a summary."""
    text = files("graph").joinpath("words/help.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = json.loads(text)
    return table


class Helped(click.Command):
    """A command whose help is in the language of the command line."""

    examples: tuple[str, ...] = ()

    def get_help(self, ctx: click.Context) -> str:
        """The help; the language stands in the outermost context."""
        return write_help(self, ctx) if ctx.find_root().obj == "zh" else super().get_help(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def write_help(command: Helped, ctx: click.Context) -> str:
    """The help of a command in Chinese."""
    name = ctx.command_path.partition(" ")[2] or "linli"
    texts = read_help()[name]
    usage = name_placeholders(" ".join(command.collect_usage_pieces(ctx)))
    lines = [f"用法: {ctx.command_path} {usage}"]
    for paragraph in texts[""].split("\n"):
        lines += ["", *wrap(paragraph, WIDTH, "  ")]
    options = [
        (name_placeholders(record[0]), f"{_help_of(texts, param)}{_limits(param, ctx)}")
        for param in command.get_params(ctx)
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx)) is not None
    ]
    lines += ["", "选项:", *_lay_out(options)]
    if isinstance(command, click.Group):
        above = "" if name == "linli" else f"{name} "
        names = command.list_commands(ctx)
        summaries = [(one, read_help()[above + one][""].partition("\n")[0]) for one in names]
        lines += ["", "命令:", *_lay_out(summaries)]
    if command.examples:
        lines += ["", "示例:", *(f"  {example}" for example in command.examples)]
    return "\n".join(lines)


def measure(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrap(text: str, width: int, indent: str) -> list[str]:
    """Lines of a text, none wider than that where it can be broken: between Chinese signs, words, choices."""
    lines, line = [], indent
    for piece in re.findall(r"（?(?:[!-{}~]+\|?|.)[，。；：、）]* ?", text):
        if line != indent and measure(line) + measure(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = indent
        line += piece
    return [*lines, line.rstrip()]


def _lay_out(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Two columns: what there is, and what it does."""
    first = max(measure(name) for name, _ in rows if measure(name) <= WIDEST_NAME) + 4
    lines = []
    for name, text in rows:
        told = wrap(text, WIDTH, " " * first)
        if measure(name) > WIDEST_NAME:
            lines += [*wrap(name, WIDTH, "  "), *told]
        else:
            lines += [f"  {name}{' ' * (first - 2 - measure(name))}{told[0].lstrip()}", *told[1:]]
    return lines


def name_placeholders(text: str) -> str:
    """A line of usage with what is to be filled in named in Chinese."""
    names = read_help()["placeholders"]
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"\b({longest_first})\b", lambda found: names[found[0]], text)


def _help_of(texts: Mapping[str, str], param: click.Option) -> str:
    """What an option is for."""
    shared = read_help()["shared"]
    return next(text for name in param.opts if (text := texts.get(name) or shared.get(name)))


def _limits(param: click.Option, ctx: click.Context) -> str:
    """What an option is without its being given, and what it can be."""
    extra = param.get_help_extra(ctx)
    told = [f"不写是{extra['default']}"] if "default" in extra else []
    told += [extra["range"]] if "range" in extra else []
    told += ["必填"] if "required" in extra else []
    return f" [{'；'.join(told)}]" if told else ""
