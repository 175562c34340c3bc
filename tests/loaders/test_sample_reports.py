"""The sample of the five reports is sound: columns, references, words, dates, counts, no names."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Set
from datetime import date

import pytest

from graph import taxonomy
from tests.loaders.shanghai import SAMPLE, by_id, ids, rows, several

CONTRACT_COLUMNS = {
    "units": "id name kind code area lon lat crs precision capacity max_claims liaison valid_from valid_to",
    "offers": "id title unit category capacity per mode reach_m reach_areas lon lat crs precision tags"
    " min_people max_people times measure valid_from valid_to",
    "needs": "id title party category quantity priority group people area lon lat crs precision tags times"
    " measure whole referred_to valid_from valid_to",
    "projects": "id name category area lon lat crs precision wanted priority valid_from valid_to",
    "areas": "id name level parent lon lat crs precision population over60",
    "branches": "id name parent units area members coverage",
    "alliances": "id name parent kind stage area chair valid_from valid_to",
    "members": "alliance party role valid_from valid_to",
    "stations": "id name party area lon lat crs precision reach_m reach_areas",
    "pairings": "id parties kind via amount_yuan valid_from valid_to",
    "claims": "id target by offer quantity status why via liaison valid_from valid_to",
    "services": "id claim unit area body from to activities services served_person_times"
    " volunteer_person_times hours approx",
    "duties": "id body party kind valid_from valid_to",
    "posts": "id title party area places valid_from valid_to",
    "registrations": "id area members approx valid_from valid_to",
    "lists": "id name area alliance categories items approx",
}
REPORTS = (
    "000_f7f0178b70a38899.txt",
    "001_992063fd4441e8c7.txt",
    "002_c825b0c11592d1bf.txt",
    "003_d8f933ace812d6bd.txt",
    "004_725b41050449d912.txt",
)
PARTIES = ("areas", "units", "branches", "alliances", "stations")
REFERENCES = {
    "area": ("areas",),
    "reach_areas": ("areas",),
    "alliance": ("alliances",),
    "units": ("units",),
    "chair": PARTIES,
    "party": PARTIES,
    "parties": PARTIES,
    "body": PARTIES,
    "by": PARTIES,
    "via": PARTIES,
    "offer": ("offers",),
    "claim": ("claims",),
    "target": ("needs", "projects", "offers"),
}
YEARS = {  # the years that a report speaks of
    REPORTS[0]: (2012, 2013),
    REPORTS[1]: (2017, 2019),
    REPORTS[2]: (2016, 2021),
    REPORTS[3]: (2016, 2018),
    REPORTS[4]: (2012, 2013),
}
# SHA-256 of the names of the people in the reports: the test can look for them without naming anyone.
NAMES_OF_PEOPLE: Set[str] = {
    "24e7f25c41644ccd31cd9f2d0b7b5bc25243030690522ea9db095b3797531e74",
    "cbbc67fa0ada332c390fe1ac30fe18c7896f25e5320e0cf1eda616fa5bb1a1ac",
    "6175ebe97042a890f44e959364ead3f2f93325c3e084f5f6a1afd0b7b1488414",
    "5e0e51b0bc6d538195c220f1fdbacc5726ac5a0645aab3d482c2b67fd1198806",
    "0866f095c2dd051c1860526785f5f71484abc315cb9afb620b6752891fd85245",
    "9f4fe82ffc5af8f50da744531ebc1ccf0e77f5d53c091f4b040eba894b1464b7",
    "eda4fd93011be6adad925022b6492097de30797efdb2d8d7780e4ae5647692fa",
    "4b16a082dcef6b294797eb2fc1201003110ef185e2796e98f9f37d6e7a5acaa5",
    "dd5eb66ccc1f5eff2d0f7e489baf5cc243c2759621a411aa0f1263b45d3545b5",
    "7ed3b99e366f44a3df76c6f4c9ca9783dc51436d7d680dde395fe50b75d9e8c5",
    "e27b25db59ff9e5bcf31098992a6bc5cd25abbe1715f231044cb0f2f6de64517",
    "b035fed93f38da0f46bdaeb34d7fc8ef349b3a825a4b256ee1d0b8bd79390c32",
    "92a054e84d6e2e13d14cfb9b7ac898f70bea1637bc3aaeb075cd7344b3ecd0d4",
    "b3eb81e084ebc9c0d7227a87acb2b69da6cba0d4804d85012a1631ae0208527b",
}


def holds_name(text: str, names: Set[str] = NAMES_OF_PEOPLE) -> bool:
    characters = re.sub(r"\s", "", text)
    grams = (
        characters[start : start + length]
        for length in (2, 3, 4)
        for start in range(len(characters) - length + 1)
    )
    return any(hashlib.sha256(gram.encode()).hexdigest() in names for gram in grams)


def test_every_table_of_the_sample_is_a_table_of_the_contract() -> None:
    assert {path.stem for path in SAMPLE.glob("*.csv")} == set(CONTRACT_COLUMNS)


@pytest.mark.parametrize("table", CONTRACT_COLUMNS)
def test_a_table_has_all_columns_and_its_source(table: str) -> None:
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    assert set(CONTRACT_COLUMNS[table].split()) <= set(header)
    assert len(header) == len(set(header))
    assert rows(table)
    for row in rows(table):
        assert row["source"] in REPORTS
        assert re.search(r"lines? \d+", row["source_place"]), row
        assert row["incomplete"] in ("", "1")


@pytest.mark.parametrize("table", [name for name in CONTRACT_COLUMNS if name != "members"])
def test_ids_are_unique_and_readable(table: str) -> None:
    found = [row["id"] for row in rows(table)]
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in found)


def test_ids_of_parties_and_of_targets_are_unique_across_tables() -> None:
    for tables in (PARTIES, REFERENCES["target"]):
        counts = Counter(key for table in tables for key in by_id(table))
        assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("table", CONTRACT_COLUMNS)
def test_references_resolve(table: str) -> None:
    for row in rows(table):
        for column, tables in REFERENCES.items():
            if column in CONTRACT_COLUMNS[table].split():
                assert set(several(row[column])) <= ids(*tables), (table, column, row)
        for column, tables in (("unit", PARTIES if table == "offers" else ("units",)), ("parent", (table,))):
            if row.get(column):
                assert row[column] in ids(*tables), (table, column, row)


def test_required_cells_are_filled() -> None:
    required = {
        "units": ("name",),
        "offers": ("unit", "category", "title"),
        "needs": ("category", "title"),
        "projects": ("name",),
        "areas": ("id", "name", "level"),
        "branches": ("name",),
        "alliances": ("name",),
        "members": ("alliance", "party", "role"),
        "stations": ("name", "party"),
        "pairings": ("parties",),
        "claims": ("target", "by", "status"),
        "duties": ("body", "party"),
        "registrations": ("area",),
    }
    for table, columns in required.items():
        for row in rows(table):
            assert all(row[column] for column in columns), (table, row)


def test_categories_and_words_are_those_of_the_domain() -> None:
    values = taxonomy.words()["values"]
    for table in ("offers", "needs", "projects"):
        assert {row["category"] for row in rows(table)} <= taxonomy.categories()
    assert {row["level"] for row in rows("areas")} <= set(values["level"])
    assert {row["mode"] for row in rows("offers")} <= {"", "visit", "site", "remote"}
    assert {row["stage"] for row in rows("alliances")} <= {"", "培育", "建立", "巩固", "提高"}
    assert {row["coverage"] for row in rows("branches")} <= {"", "建", "联", "挂", "靠", "派"}
    assert {row["status"] for row in rows("claims")} <= {"agreed", "delivering", "done"}
    assert {row["approx"] for row in rows("services")} <= {"", "余", "约", "近"}


def test_dates_are_ordered_and_stay_within_the_years_of_their_report() -> None:
    for table, columns in CONTRACT_COLUMNS.items():
        first, last = ("from", "to") if table == "services" else ("valid_from", "valid_to")
        if first not in columns.split():
            continue
        for row in rows(table):
            from_year, to_year = YEARS[row["source"]]
            days = [date.fromisoformat(row[column]) for column in (first, last) if row[column]]
            assert days, (table, row)
            assert days == sorted(days), (table, row)
            assert all(from_year <= day.year <= to_year for day in days), (table, row)


def test_what_can_be_matched_has_an_area_and_a_period() -> None:
    for table in ("offers", "needs", "projects", "claims"):
        for row in rows(table):
            assert row["valid_from"], row
            assert row["valid_to"], row
    assert all(row["reach_areas"] for row in rows("offers"))
    assert all(row["area"] for table in ("needs", "projects") for row in rows(table))


def test_a_claims_offer_is_of_the_claimant_and_both_are_valid_together() -> None:
    for claim in rows("claims"):
        target = next(by_id(t)[claim["target"]] for t in REFERENCES["target"] if claim["target"] in by_id(t))
        assert target["valid_from"] <= claim["valid_from"], claim
        assert claim["valid_to"] <= target["valid_to"], claim
        if claim["offer"]:
            offer = by_id("offers")[claim["offer"]]
            assert offer["unit"] == claim["by"], claim
            assert taxonomy.is_within(target["category"], offer["category"]), claim


def test_a_project_wants_as_many_units_as_claim_it() -> None:
    takers = Counter(target for target, _ in {(row["target"], row["by"]) for row in rows("claims")})
    for project in rows("projects"):
        named = takers[project["id"]]
        assert project["wanted"] == (str(named) if named > 1 else ""), project


def test_points_lie_in_shanghai_and_say_how_precise_they_are() -> None:
    placed = [row for table in CONTRACT_COLUMNS for row in rows(table) if row.get("lon") or row.get("lat")]
    assert len(placed) >= 30
    for row in placed:
        assert 121.0 <= float(row["lon"]) <= 122.0, row
        assert 30.6 <= float(row["lat"]) <= 31.9, row
        assert row["crs"] == "wgs84"
        assert row["precision"] in ("street", "area")


def test_pairings_have_two_different_parties_or_more() -> None:
    for row in rows("pairings"):
        parties = several(row["parties"])
        assert len(parties) >= 2
        assert len(set(parties)) == len(parties)
        assert row["via"] not in parties


def test_counts_in_the_readme_are_those_of_the_files() -> None:
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    stated = {
        match[1]: [int(cell) for cell in match[2].split("|")]
        for match in re.finditer(r"^\| (\w+) \|((?: \d+ \|){5} \d+) \|$", text, re.MULTILINE)
    }
    counted = {
        table: [
            *(sum(row["source"] == report for row in rows(table)) for report in REPORTS),
            len(rows(table)),
        ]
        for table in CONTRACT_COLUMNS
    }
    counted["all"] = [sum(column) for column in zip(*counted.values(), strict=True)]
    assert stated == counted


def test_nobody_is_named() -> None:
    for table in CONTRACT_COLUMNS:
        for row in rows(table):
            assert not any(holds_name(cell) for cell in row.values()), (table, row["source_place"])
    assert not holds_name((SAMPLE / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["支部书记虚构甲", "虚 构\n甲讲了话", "虚构甲"])
def test_the_search_for_names_finds_a_made_up_one(text: str) -> None:
    names = {hashlib.sha256("虚构甲".encode()).hexdigest()}
    assert holds_name(text, names)
    assert not holds_name(text.replace("甲", "乙"), names)
