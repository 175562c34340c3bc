"""Runs commands of `linli` in-process, as a terminal would."""

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from api.cli import main


def linli(*arguments: object, code: int = 0, **variables: str) -> Result:
    """Run a command and check how it ends; English unless LINLI_LANG is given."""
    runner = CliRunner()
    environment = {"LINLI_LANG": "en", "LINLI_STORE": None, **variables}
    result = runner.invoke(main, [str(argument) for argument in arguments], env=environment)
    assert result.exit_code == code, (arguments, result.exit_code, result.output, result.exception)
    return result


def linli_json(*arguments: object, code: int = 0, **variables: str) -> Any:
    """Run a command with --json; standard output must be one JSON document and a line's end."""
    result = linli(*arguments, "--json", code=code, **variables)
    assert result.stdout.endswith("\n")
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def store_option(path: os.PathLike[str] | str) -> tuple[str, str]:
    """The option that names a store's file."""
    return "--store", f"sqlite:///{os.fspath(path)}"


def write_list(folder: Path, name: str, *rows: str) -> Path:
    """Write a CSV list."""
    path = folder / f"{name}.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
