"""Commands that write files: `export` and `sample`."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.door import Command, Door, door_options
from api.commands.help import Helped
from api.commands.usage import WrongUsageError, words_of

FORMATS = ("csv", "xlsx", "json", "geojson", "graphml", "gexf", "parquet")

OUT = click.option(
    "-o",
    "--out",
    "path",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A folder for CSV tables, or a file that ends in .xlsx.",
)
SEED = click.option(
    "--seed", type=click.IntRange(min=0), required=True, help="The same seed gives the same lists."
)


@click.command(
    cls=Command,
    examples=("linli export out --format xlsx", "linli export out --format geojson --json"),
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="What kind of files.")
@click.option("--round", "round_id", metavar="ROUND", help="A round's id; by default the newest one matched.")
@door_options
def export(door: Door, folder: Path, format_: str, round_id: str | None) -> None:
    """Write the lists, and of the newest round its assignments, gaps and claim sheets.

    The lists can be loaded again with `linli load DIR`. Claim sheets (认领表) are per unit and per
    neighbourhood; as xlsx they print on A4.
    """
    from api.services.exports import export_store

    with door.store() as store, door.progress() as tell:
        files = export_store(store, folder, format_, round_id=round_id, language=door.language, progress=tell)
    door.answer(
        {"files": [str(file) for file in files]},
        lambda console, _: console.print(door.text("exported", n=len(files), folder=folder)),
    )


class Samples(Helped, click.Group):
    """The group of the sample lists."""

    examples = ("linli sample city --help", "linli sample subdistrict --seed 1 -o subdistrict.xlsx")


@click.group(cls=Samples, name="sample")
def sample() -> None:
    """Write sample lists: a made-up sub-district or city, or the facts of five newspaper reports."""


@sample.command(
    cls=Command,
    examples=(
        "linli sample city --neighbourhoods 300 --seed 1 -o town.xlsx",
        "linli sample city --neighbourhoods 6000 --needs 1000000 --units 20000 --seed 1 -o city/",
    ),
)
@click.option("--neighbourhoods", type=click.IntRange(min=1), required=True, help="How many neighbourhoods.")
@click.option("--needs", type=click.IntRange(min=1), help="Rows of needs; by default 40 a neighbourhood.")
@click.option("--units", type=click.IntRange(min=1), help="Rows of units; by default one for 50 needs.")
@SEED
@OUT
@door_options
def city(
    door: Door, neighbourhoods: int, needs: int | None, units: int | None, seed: int, path: Path
) -> None:
    """Write a made-up city's lists, clean, of any size."""
    from api.render import show_counts
    from api.services.samples import write_city
    from loaders.sample.city_draw import SampleError

    try:
        with door.progress() as tell:
            rows = write_city(
                path, neighbourhoods=neighbourhoods, needs=needs, units=units, seed=seed, progress=tell
            )
    except SampleError as error:
        raise WrongUsageError(words_of(error)) from error
    door.answer(rows, show_counts(rows, "sampled", path=path))


@sample.command(cls=Command, examples=("linli sample subdistrict --seed 1 -o subdistrict.xlsx",))
@SEED
@OUT
@door_options
def subdistrict(door: Door, seed: int, path: Path) -> None:
    """Write a made-up sub-district's lists as an office keeps them, faults included."""
    from api.render import show_counts
    from api.services.samples import write_subdistrict

    rows = write_subdistrict(path, seed=seed)
    door.answer(rows, show_counts(rows, "sampled", path=path))


@sample.command(cls=Command, examples=("linli sample reports -o reports/",))
@OUT
@door_options
def reports(door: Door, path: Path) -> None:
    """Write the facts of five newspaper reports, each row with its source."""
    from api.render import show_counts
    from api.services.samples import write_reports

    rows = write_reports(path)
    door.answer(rows, show_counts(rows, "sampled", path=path))
