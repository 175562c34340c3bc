"""Commands about lists: `load`, `check`, `undo`, `copy`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.commands.door import Command, Door, door_options, paths_argument
from api.commands.usage import WrongUsageError
from graph.wording import word

REFUSED_ROWS = 3


def _check_report(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> Path | None:
    """A path that a workbook can be written to, before anything is read."""
    if path is not None and path.suffix.lower() != ".xlsx":
        raise WrongUsageError(word("usage_report_name", path=path.with_suffix(".xlsx")))
    if path is not None and not path.parent.is_dir():
        raise WrongUsageError(word("usage_report_folder", folder=path.parent))
    return path


report_option = click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.xlsx",
    callback=_check_report,
    help="Write your own file back with the bad cells marked.",
)


@click.command(
    cls=Command,
    examples=(
        "linli load town.xlsx",
        "linli load lists/ --dry-run --report marked.xlsx",
        "linli load 资源开放清单.xlsx 服务需求清单.csv --json",
        "linli load needs.csv --replace",
    ),
)
@paths_argument
@click.option("--dry-run", is_flag=True, help="Check only; nothing is stored.")
@report_option
@click.option("--replace", is_flag=True, help="Delete what the tables brought no longer have.")
@door_options
@click.pass_context
def load(
    ctx: click.Context,
    door: Door,
    paths: tuple[Path, ...],
    dry_run: bool,
    report_path: Path | None,
    replace: bool,
) -> None:
    """Load lists: folders of tables, workbooks, single tables, outlines as GeoJSON.

    All good rows become one revision, which `linli undo` takes back; bad cells are reported with their row,
    column and remedy. The exit code is 3 if rows were refused.
    """
    _load(ctx, door, paths, dry_run=dry_run, report_path=report_path, replace=replace)


@click.command(
    cls=Command, examples=("linli check town.xlsx", "linli check lists/ --report marked.xlsx --json")
)
@paths_argument
@report_option
@door_options
@click.pass_context
def check(ctx: click.Context, door: Door, paths: tuple[Path, ...], report_path: Path | None) -> None:
    """Check lists against the store and change nothing, as `linli load --dry-run` does."""
    _load(ctx, door, paths, dry_run=True, report_path=report_path, replace=False)


def _load(
    ctx: click.Context,
    door: Door,
    paths: tuple[Path, ...],
    *,
    dry_run: bool,
    report_path: Path | None,
    replace: bool,
) -> None:
    from api.render import show_load
    from api.services.loads import load_into

    with door.progress() as tell:
        document = load_into(
            door.url,
            paths,
            dry_run=dry_run,
            replace=replace,
            report_path=report_path,
            language=door.language,
            progress=tell,
        )
    door.answer(document, show_load(document))
    if report_path is not None:
        door.note("marked", path=report_path)
    if document["refused"]:
        ctx.exit(REFUSED_ROWS)


@click.command(cls=Command, examples=("linli undo", "linli undo 12 --json"))
@click.argument("revision", type=click.IntRange(min=1), required=False)
@door_options
def undo(door: Door, revision: int | None) -> None:
    """Take back the newest revision that still counts, or the one named, as a new revision.

    A revision whose records were changed again later is not undone.
    """
    from api.render import show_undone
    from api.services.loads import undo as undo_revision

    with door.store() as store:
        document: dict[str, Any] = dict(undo_revision(store, revision))
    door.answer(document, show_undone(document))


@click.command(
    cls=Command,
    examples=(
        "linli copy sqlite:///linli.db sqlite:///backup.db",
        "linli copy sqlite:///linli.db sqlite:///backup.db --replace --json",
        "linli copy sqlite:///linli.db neo4j://127.0.0.1:7687",
    ),
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--replace", is_flag=True, help="Empty the target first.")
@door_options
def copy(door: Door, source: str, target: str, replace: bool) -> None:
    """Copy a whole store, its history and rounds included, and verify counts and hashes.

    FROM and TO are addresses, as --store takes them; a target that holds anything is refused. A copy into a
    Neo4j server that was broken off goes on when it is run again.
    """
    from api.render import show_counts
    from api.services.copies import copy_store

    with door.progress() as tell:
        document = copy_store(source, target, replace=replace, progress=tell)
    door.answer(document, show_counts(document["copied"], "copied"))
