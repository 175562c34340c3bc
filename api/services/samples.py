"""Sample lists: a made-up sub-district, made-up cities of any size, and the facts of five reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Progress = Callable[[str, int, int], None]


def write_subdistrict(path: Path, *, seed: int) -> dict[str, int]:
    """Write the made-up sub-district's lists as an office keeps them; gives rows per table."""
    from loaders.sample.subdistrict import write_subdistrict as write

    return write(path, seed=seed)


def write_city(
    path: Path,
    *,
    neighbourhoods: int,
    needs: int | None = None,
    units: int | None = None,
    seed: int,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write a made-up city's lists; gives rows per table."""
    from loaders.sample.city import write_city as write

    return write(path, neighbourhoods=neighbourhoods, needs=needs, units=units, seed=seed, progress=progress)


def write_reports(path: Path) -> dict[str, int]:
    """Write the five reports' facts as a folder of CSV tables, or as a workbook; gives rows per table."""
    import csv

    from loaders.sample.workbook import is_workbook

    tables = {}
    for file in sorted(reports_folder().glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            tables[file.stem] = list(csv.reader(stream))
    if is_workbook(path):
        from loaders.sheets import write_workbook

        write_workbook(path, tables)
    else:
        path.mkdir(parents=True, exist_ok=True)
        for name in tables:
            (path / f"{name}.csv").write_bytes((reports_folder() / f"{name}.csv").read_bytes())
    return {name: len(rows) - 1 for name, rows in tables.items()}


def reports_folder() -> Path:
    """Where the five reports' tables are."""
    import loaders.sample

    return Path(loaders.sample.__file__).parent / "shanghai"
