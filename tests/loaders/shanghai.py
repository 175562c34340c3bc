"""The rows of the sample of the five reports, as the tests look at them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "loaders" / "sample" / "shanghai"
Row = dict[str, str]


@cache
def rows(table: str) -> list[Row]:
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines, strict=True))
    assert all(None not in row and None not in row.values() for row in found), f"{table}: ragged rows"
    return found


@cache
def by_id(table: str) -> dict[str, Row]:
    return {row["id"]: row for row in rows(table)}


def ids(*tables: str) -> set[str]:
    return {key for table in tables for key in by_id(table)}


def several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def party_claims(by: str, year: str) -> set[str]:
    return {
        claim["target"] for claim in rows("claims") if claim["by"] == by and claim["valid_from"][:4] <= year
    }
