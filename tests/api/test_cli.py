"""The command line as a whole: help, usage, which store, which language."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from api.cli import COMMANDS, main
from api.commands.door import Command
from api.commands.files import sample
from api.commands.help import measure, read_help
from graph.store import open_store
from tests.api.terminal import linli, linli_json, store_option


def test_help_lists_every_command_and_loads_none() -> None:
    text = linli("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        assert f"\n  {name} " in text
        assert summary.split(" (", maxsplit=1)[0] in text


ALL_COMMANDS = [*([name] for name in COMMANDS), *(["sample", name] for name in sample.commands)]

NAMES = r"LINLI_[A-Z]+|JSON|E?[23]SFCA|BFCA|RAAM"
"""Names in capitals that are the same in every language."""


@pytest.mark.parametrize("command", [[], *ALL_COMMANDS], ids=" ".join)
def test_help_is_in_chinese_where_that_is_asked_for(command: list[str]) -> None:
    told = linli(*command, "--help", LINLI_LANG="zh").stdout
    assert told == linli("--lang", "zh", *command, "--help").stdout
    assert max(map(measure, told.partition("示例:")[0].splitlines())) <= 80
    explained, _, examples = told.partition("示例:")
    assert bool(examples) == bool(command)
    # Names of commands, options and choices aside, no line speaks English.
    for line in explained.splitlines():
        assert re.search(r"(?<![-\w/.|[])[A-Za-z]{2,}( [a-z]{2,}){2,}", line.replace("linli", "")) is None
        assert not re.search(r"[A-Z]{4,}", re.sub(NAMES, "", line))
    assert "-h, --help" in explained


def test_help_says_what_each_command_and_option_does_and_nothing_else() -> None:
    context = click.Context(main)
    texts = {name: dict(known) for name, known in read_help().items()}
    shared = texts.pop("shared")
    del texts["placeholders"]
    assert texts.keys() == {"linli", *map(" ".join, ALL_COMMANDS)}
    for name, known in texts.items():
        command: click.Command | None = main
        for part in name.split() if name != "linli" else []:
            assert isinstance(command, click.Group)
            command = command.get_command(context, part)
        assert command is not None
        options = {max(one.opts, key=len) for one in command.params if isinstance(one, click.Option)}
        assert known.keys() - {""} == options - shared.keys(), name
        assert known[""]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    text = linli(name, "--help").stdout
    assert "Examples:" in text
    if name == "sample":
        assert {"city", "subdistrict", "reports"} <= set(text.split())
    else:
        assert f"  linli {name}" in text
        assert {"--store", "--json", "--lang"} <= set(text.replace(",", " ").split())


NAMING = ("explain", "network", "pair", "rota", "group", "sites")
"""Commands whose examples name records, of the sample as in the README."""


@pytest.mark.parametrize("name", NAMING)
def test_examples_work_with_the_sample(name: str, town: Path) -> None:
    command = main.get_command(click.Context(main), name)
    assert isinstance(command, Command)
    assert command.examples
    for example in command.examples:
        assert linli(*shlex.split(example)[1:], *store_option(town)).stdout


@pytest.mark.parametrize("name", ["city", "subdistrict", "reports"])
def test_every_sample_has_help_with_examples(name: str) -> None:
    assert f"  linli sample {name}" in linli("sample", name, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["load"],
        ["load", "no-such-file.xlsx"],
        ["match", "--fit", "loose"],
        ["match", "--from", "2026-13-01"],
        ["match", "--from", "2026-05-01", "--to", "2026-04-01", "--store", "sqlite:///x.db"],
        ["undo", "zero"],
        ["publish", "a", "b"],
        ["explain"],
        ["refuse", "a", "b"],
        ["export", "out", "--format", "docx"],
        ["sample", "city", "-o", "x"],
        ["gaps", "--store", "ftp://example"],
        ["serve", "--host", "0.0.0.0"],
        ["lock", "a", "b", "x"],
        ["lock", "a", "b", "-1"],
        ["check", ".", "--report", "m.csv"],
        ["check", ".", "--report", "nowhere/m.xlsx"],
    ],
)
def test_wrong_usage_is_code_2_and_a_problem_document(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///x.db").close()
    result = linli(*arguments, code=2)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    document = linli_json(*arguments, code=2)
    assert {"type", "title", "status", "detail", "remedy"} <= document.keys()
    assert document["type"].startswith("urn:linli:problem:")


def test_reading_commands_make_no_store(tmp_path: Path) -> None:
    for command in (
        ["gaps"],
        ["assignments"],
        ["match"],
        ["publish"],
        ["explain", "x"],
        ["undo"],
        ["export", "out", "--format", "csv"],
    ):
        document = linli_json(*command, *store_option(tmp_path / "none.db"), code=1)
        assert document["type"].endswith("no-store")
        assert "linli load" in document["remedy"]
    assert list(tmp_path.iterdir()) == []


def test_without_a_match_the_remedy_is_to_match(small: Path, tmp_path: Path) -> None:
    linli("load", small, *store_option(tmp_path / "a.db"))
    for command in (["gaps"], ["assignments"], ["explain", "x"]):
        document = linli_json(*command, *store_option(tmp_path / "a.db"), code=1)
        assert document["type"].endswith("no-round")
        assert document["remedy"] == "Run linli match first."


def test_store_from_the_environment_and_by_default(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    linli("load", small, LINLI_STORE="sqlite:///env.db")
    assert (tmp_path / "env.db").exists()
    linli("load", small)
    assert (tmp_path / "linli.db").exists()
    linli("load", small, "--store", "sqlite:///named.db", LINLI_STORE="sqlite:///other.db")
    assert (tmp_path / "named.db").exists()
    assert not (tmp_path / "other.db").exists()


def test_language_follows_option_variable_and_system(own_town: Path) -> None:
    arguments = ("gaps", *store_option(own_town))
    assert "places unmatched" in linli(*arguments).stdout
    assert "项次" in linli(*arguments, LINLI_LANG="zh").stdout
    assert "places unmatched" in linli(*arguments, "--lang", "en", LINLI_LANG="zh").stdout
    assert "项次" in linli(*arguments, LINLI_LANG="", LC_ALL="", LC_MESSAGES="", LANG="zh_CN.UTF-8").stdout
    assert "unmatched" in linli(*arguments, LINLI_LANG="", LC_ALL="", LC_MESSAGES="", LANG="C").stdout


def test_shared_options_may_stand_before_the_command(own_town: Path, tmp_path: Path) -> None:
    store = store_option(own_town)
    assert linli("--lang", "zh", *store, "gaps").stdout == linli("gaps", "--lang", "zh", *store).stdout
    assert linli("--json", f"--store={store[1]}", "gaps").stdout == linli("gaps", "--json", *store).stdout
    made = linli("--json", "sample", "reports", "-o", tmp_path / "reports").stdout
    assert made.count("\n") == 1
    assert linli("--lang", "loose", "gaps", code=2)


def test_what_is_wrong_says_what_would_do() -> None:
    for arguments, words in {
        ("lock", "a", "b", "x"): "whole number",
        ("lock", "a", "b", "-1"): "whole number",
        ("lock", "a", "b", "--jsno"): "--jsno",
        ("check", ".", "--report", "m.csv"): "m.xlsx",
        ("check", ".", "--report", "nowhere/m.xlsx"): "Make it first",
        ("gaps", "--store", "ftp://example"): "sqlite:///town.db",
    }.items():
        assert words in linli(*arguments, code=2).stderr
    assert "make neo4j" in linli("gaps", "--store", "neo4j://127.0.0.1:1", code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gapz"], "没有“gapz”这个命令"),
        (["match", "--fi", "exact"], "是 --fit 吗？"),
        (["match", "--json=3"], "--json 后面不写值"),
        (["match", "--from"], "--from 后面还要写一个值"),
        (["load"], "还要写上路径"),
        (["load", "nowhere.csv"], "没有“nowhere.csv”这个文件或文件夹"),
        (["match", "--fit", "near"], "--fit 写了“near”，要其中之一：broad、exact"),
        (["gaps", "--limit=0"], "--limit 写了“0”，要1以上的整数"),
        (["sites", "--gap", "3"], "0到0.5的数"),
        (["match", "--from", "2026-13-01"], "要日期，例如2026-01-31"),
        (["sample", "city", "--seed", "1", "-o", "x"], "还要写上 --neighbourhoods"),
        (["export", "."], "还要写上 --format，其中之一：csv、"),
        (["export", "file.csv", "--format", "csv"], "文件夹 要文件夹，不是文件"),
        (["undo", "1", "2"], "多写了“2”"),
        (["lock", "a", "b", "-1"], "写1到10亿之间的整数"),
        (["lock", "a", "b", "99999999999999999999"], "“99999999999999999999”不是项次数"),
    ],
)
def test_wrong_usage_is_told_in_chinese(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.csv").touch()
    told = linli(*arguments, LINLI_LANG="zh", code=2).stderr
    assert words in told
    # Only commands, options and file formats are in Latin letters.
    assert re.search(r"(?<![-a-z/.])[a-z]{3,} [a-z]{3,} [a-z]{3,}", told.replace("linli", "")) is None
    document = json.loads(linli("--json", *arguments, LINLI_LANG="zh", code=2).stdout)
    assert document["type"].endswith("wrong-usage")
    assert document["detail"] == document["detail_zh"] != document["detail_en"]
    assert document["detail_en"].isascii() or "“" in document["detail_en"]


def test_files_that_cannot_be_read_are_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    arguments = ("sample", "reports", "-o", tmp_path / "a" / "b")
    assert "是文件，不是文件夹" in linli(*arguments, LINLI_LANG="zh", code=1).stderr
    assert "is a file, no folder" in linli(*arguments, LINLI_LANG="en", code=1).stderr


def test_main_is_the_console_script() -> None:
    assert main.name == "linli"
