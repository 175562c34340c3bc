"""Facts of the five reports that the sample must hold."""

from __future__ import annotations

from loaders import areas
from tests.loaders.shanghai import by_id, party_claims, rows, several

SHIPYARD_HOME, SHIPYARD_ELDER = "c-shipyard-home", "c-shipyard-elder"


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


def test_groups_online_are_offers_from_afar() -> None:
    groups = [by_id("offers")[key] for key in ("o-pl-qq", "o-ln270-wechat", "o-ja-wechat")]
    assert {row["mode"] for row in groups} == {"remote"}
    assert [row["unit"] for row in groups] == ["b-pl-elderly", "b-ln270", "310106"]


def test_an_undertaking_is_claimed_by_the_body_that_runs_it() -> None:
    claimed = {row["target"] for row in rows("claims")}
    assert [key for key in by_id("projects") if key not in claimed] == []


def test_what_two_do_together_both_claim() -> None:
    def takers(project: str) -> set[str]:
        return {row["by"] for row in rows("claims") if row["target"] == project}

    assert takers("p-pl-seminar") == takers("p-pl-youth") == {"u-shipyard", "b-pl-workcommittee"}
    assert takers("p-yto-posts") == {"u-yto", "u-yto-union", "b-yto-league"}
    assert takers("p-wjc-study") == {"u-sus", "310110021"}


def test_the_work_with_social_organisations_has_its_lead_and_its_coordinator() -> None:
    roles = {row["party"]: row["role"] for row in rows("members") if row["alliance"] == "al-qp-so"}
    assert roles == {"u-qp-org": "牵头抓总", "b-qp-social": "协调指导"}


def test_official_areas_of_the_sample_are_in_the_table() -> None:
    official = {area.code: area for area in areas.shanghai_areas()}
    outside = {"310108"}  # 闸北区, part of 静安区 since 2015
    for row in rows("areas"):
        if row["id"].isdigit() and row["id"] not in outside:
            area = official[row["id"]]
            assert (area.level, area.parent or "") == (row["level"], row["parent"])
            if row["official_name"] or row["level"] != "neighbourhood":
                assert area.name == (row["official_name"] or row["name"])
