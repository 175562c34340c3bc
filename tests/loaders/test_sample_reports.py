"""The sample of the five reports holds what it says it holds."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Set
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from graph import taxonomy
from loaders import areas

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "loaders" / "sample" / "shanghai"
SHIPYARD_HOME, SHIPYARD_ELDER = "c-shipyard-home", "c-shipyard-elder"

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


def holds_name(text: str, names: Set[str] = NAMES_OF_PEOPLE) -> bool:
    characters = re.sub(r"\s", "", text)
    grams = (
        characters[start : start + length]
        for length in (2, 3, 4)
        for start in range(len(characters) - length + 1)
    )
    return any(hashlib.sha256(gram.encode()).hexdigest() in names for gram in grams)


# ---- the tables as tables


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


# ---- facts that must be there


def test_pingliang_has_its_waterworks_shipyard_and_joint_branch() -> None:
    units, branches = by_id("units"), by_id("branches")
    assert (units["u-ysp-water"]["staff"], units["u-ysp-water"]["party_members"]) == ("236", "59")
    assert branches["b-ysp-water"]["members"] == "59"
    assert branches["b-shipyard"]["members"] == "866"
    assert "6 general" in branches["b-shipyard"]["items_note"]
    assert (units["u-shipyard"]["staff"], units["u-shipyard"]["approx"]) == ("3300", "余")
    assert (branches["b-pl-joint"]["members"], branches["b-pl-joint"]["size"]) == ("16", "13")
    assert branches["b-pl-joint"]["coverage"] == "联"
    assert units["u-pl-elderly"]["size"] == "257"
    assert by_id("areas")["310110006"]["over60"] == "29000"


def test_pingliang_pairs_the_elderly_branch_with_four_others() -> None:
    partners = [several(row["parties"]) for row in rows("pairings") if "b-pl-elderly" in row["parties"]]
    assert sorted(other for pair in partners for other in pair if other != "b-pl-elderly") == [
        "b-dongliang",
        "b-lanyang",
        "b-pl-private",
        "b-ziying",
    ]


def test_the_shipyard_claims_two_sums_in_2012_and_two_projects_in_2013() -> None:
    claims, needs = by_id("claims"), by_id("needs")
    for key in (SHIPYARD_HOME, SHIPYARD_ELDER):
        need = needs[claims[key]["target"]]
        assert (claims[key]["quantity"], need["quantity"], need["measure"]) == ("2000", "2000", "元")
        assert claims[key]["valid_to"] == "2012-12-31"
    projects = {"p-pl-seminar", "p-pl-youth"}
    assert projects <= party_claims("u-shipyard", "2013")
    assert all(by_id("projects")[key]["valid_from"] == "2013-01-01" for key in projects)


def test_the_waterworks_reach_pupils() -> None:
    services = by_id("services")
    assert (services["s-ysp-museum"]["served_person_times"], services["s-ysp-museum"]["approx"]) == (
        "300",
        "余",
    )
    assert (services["s-ysp-pupils"]["served_person_times"], services["s-ysp-pupils"]["approx"]) == ("18", "")


def test_lists_have_their_published_sizes() -> None:
    sizes = {key: (row["categories"], row["items"], row["approx"]) for key, row in by_id("lists").items()}
    assert sizes["l-shi2-project"] == ("10", "51", "")
    assert sizes["l-shi2-offer"] == ("8", "67", "")
    assert sizes["l-shi2-need"] == ("4", "27", "")
    assert sizes["l-ja-three"] == ("", "1100", "近")
    assert sizes["l-wjc"] == ("4", "118", "")


def test_jingan_has_its_bodies() -> None:
    alliances = by_id("alliances")
    committees = [
        row for row in alliances.values() if row["parent"] == "al-ja" and row["kind"] == "专业委员会"
    ]
    assert len(committees) == 7
    assert (alliances["al-ja"]["size"], alliances["al-ja"]["approx"]) == ("200", "多")
    assert alliances["al-ja-nanxi"]["size"] == "34"
    assert by_id("branches")["b-ja-socialorgs"]["size"] == "14"
    assert (by_id("posts")["po-lf-2018"]["places"], by_id("posts")["po-lf-2018"]["size"]) == ("14", "11")
    assert [row["party"] for row in rows("duties") if row["body"] == "al-ja-council"] == ["u-shanghai-univ"]
    assert len([row for row in rows("needs") if row["referred_to"]]) == 2


def test_seven_units_send_volunteers_in_shimen() -> None:
    assert len([row for row in rows("claims") if row["target"] == "p-shi2-flash"]) == 7
    flash = by_id("services")["s-shi2-flash"]
    assert (flash["volunteer_person_times"], flash["approx"]) == ("50", "余")


def test_lane_270_has_twelve_partners_in_2021() -> None:
    pairs = [
        row
        for row in rows("pairings")
        if "b-ln270" in several(row["parties"]) and row["valid_from"] >= "2021-01-01"
    ]
    partners = {party for row in pairs for party in several(row["parties"])} - {"b-ln270"}
    assert {by_id("units")[key]["name"] for key in partners} == {
        "上海市民政第三精神卫生中心",
        "彭浦邮政支局",
        "区城管执法局机动执法中队",
        "太乙堂",
        "安心坊商业服务公司",
        "武警执勤五支队七中队",
        "中国银行",
        "工商银行汾西路支行",
        "沪佳家装",
        "市北燃气公司",
        "上海浩权物业管理有限公司",
        "盛德护理院",
    }
    assert by_id("pairings")["pr-ln270-anxinfang"]["via"] == "a-lf-block3"
    assert by_id("pairings")["pr-ln270-shengde"]["valid_from"] == "2021-01-28"
    assert by_id("alliances")["al-ln270"]["size"] == "12"


def test_lane_270_served_some_1586_and_found_a_bed() -> None:
    total = by_id("services")["s-ln270-total"]
    assert (total["served_person_times"], total["approx"], total["from"]) == ("1586", "约", "2016-01-01")
    bed = by_id("claims")["c-shengde-bed"]
    assert (bed["by"], bed["quantity"], bed["status"], bed["via"]) == ("u-shengde", "1", "done", "b-ln270")
    assert {row["kind"] for row in rows("duties") if row["body"] == "al-ln270"} == {"轮值", "做东"}


def test_qingpu_has_its_totals() -> None:
    services = by_id("services")
    volunteers = services["s-qp-volunteers"]
    assert (volunteers["services"], volunteers["volunteer_person_times"], volunteers["approx"]) == (
        "1000",
        "6000",
        "余",
    )
    assert (services["s-qp-cup"]["activities"], services["s-qp-cup"]["volunteer_person_times"]) == (
        "120",
        "4800",
    )
    assert (services["s-qp-ideas"]["activities"], services["s-qp-ideas"]["volunteer_person_times"]) == (
        "150",
        "3100",
    )
    assert by_id("posts")["po-qp-volunteers"]["places"] == "140"
    assert [services[f"s-xh-{kind}"]["served_person_times"] for kind in ("study", "film", "visit")] == [
        "280",
        "550",
        "168",
    ]
    assert by_id("alliances")["al-hongxing"]["size"] == "13"


def test_the_building_alliance_is_one_committee_six_branches_six_stations() -> None:
    branches = [
        row["party"] for row in rows("members") if row["alliance"] == "al-xinjing" and row["role"] == "支部"
    ]
    assert len(branches) == 6
    assert [row["party"] for row in rows("stations") if row["id"].startswith("st-xj-")] == branches
    assert [by_id("branches")[key]["coverage"] for key in branches].count("联") == 3


def test_pairings_of_qingpu_hold_the_money_and_the_three_parties() -> None:
    assert by_id("pairings")["pr-xj-liantang"]["amount_yuan"] == "3000000"
    assert several(by_id("pairings")["pr-ytsj-jiaji"]["parties"]) == ["b-ytsj", "b-jiaji", "b-nongfu"]
    assert by_id("pairings")["pr-qp-tonglu"]["valid_from"] == "2016-01-01"


def test_wujiaochang_has_its_conference_claims_and_totals() -> None:
    chapters = [row for row in rows("alliances") if row["parent"] == "al-wjc"]
    assert len(chapters) == 5
    assert by_id("alliances")["al-wjc"]["size"] == "48"
    assert by_id("alliances")["al-wjc"]["valid_from"] == "2012-06-01"
    takers = {row["by"] for row in rows("claims") if row["target"] == "p-wjc-health"}
    assert takers == {"u-changhai", "u-dongfang", "u-wjc-health"}
    assert {"p-wjc-four", "p-wjc-teens", "p-wjc-talks"} <= party_claims("u-smmu", "2013")
    total = by_id("services")["s-wjc-2013"]
    figures = [total[column] for column in ("activities", "services", "served_person_times", "approx")]
    assert figures == ["10", "720", "31700", "余"]
    assert [(row["members"], row["approx"]) for row in rows("registrations")] == [("6500", "近")]


def test_the_painting_class_serves_units_through_a_broker() -> None:
    claim = by_id("claims")["c-wjc-painting"]
    assert (claim["by"], claim["via"]) == ("310110021032", "u-wjc-office")
    assert by_id("offers")[claim["offer"]]["provider_role"].startswith("居民")


def test_official_areas_of_the_sample_are_in_the_table() -> None:
    official = {area.code: area for area in areas.shanghai_areas()}
    outside = {"310108"}  # 闸北区, part of 静安区 since 2015
    for row in rows("areas"):
        if row["id"].isdigit() and row["id"] not in outside:
            area = official[row["id"]]
            assert (area.level, area.parent or "") == (row["level"], row["parent"])
            if row["official_name"] or row["level"] != "neighbourhood":
                assert area.name == (row["official_name"] or row["name"])
