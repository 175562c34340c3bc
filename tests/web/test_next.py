"""What to do next, on the page of gaps: fixes, actions for a budget, stations, and what rests on one unit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from matcher.actions import part
from tests.web.support import answer_with, ask, numbers, settling, until, wait_for_trial

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def told(page: Any, address: str) -> Any:
    """What the service tells the page: worked out once, for this takes seconds."""
    return page.expect_response(lambda answer: address in answer.url)


def unfold(page: Any) -> None:
    """Open every line that holds several gaps."""
    for summary in page.locator(".gap-fold summary").all():
        summary.click()
    until(
        page,
        "[...document.querySelectorAll('.gap-fold')].every((fold) => fold.querySelector('details > ul'))",
    )


def test_each_gap_says_what_would_help_and_what_to_do_next_is_proved(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".gap-fix")
    gaps = ask(shared_site, "/v1/gaps")["gaps"]
    fixes = [gap["fix"] for gap in gaps if gap["fix"]]
    assert page.locator(".gap-fix").count() == len(fixes)
    assert fixes[0]["sentence_zh"] in page.locator(".gaps-part").first.inner_text()
    with told(page, "/v1/actions?") as answer:
        page.locator(".next-steps button[type=submit]").click()
    until(page, "!!document.querySelector('.next-steps ol')")
    found = answer.value.json()
    shown = page.locator(".next-steps ol li").all_inner_texts()
    assert len(shown) == len(found["actions"]) == 3
    assert found["actions"][0]["sentence_zh"] in shown[0]
    assert numbers(page.locator(".next-steps .note").last.inner_text())[0] == found["value"]
    numbered = [fix for fix in fixes if "offer_to_try" not in fix]
    page.locator(".gap-fix", has_text=numbered[0]["sentence_zh"]).first.locator(".beside-text").click()
    page.wait_for_selector(".change input")


def test_an_offer_that_isn_t_there_is_tried_and_what_has_no_fix_says_why(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".gap-fix")
    found = ask(shared_site, "/v1/gaps")
    gaps = [*found["gaps"], *found["projects"]["gaps"], *found["money"]["gaps"]]
    without = [gap for gap in gaps if gap["fix"] is None]
    folded = page.locator(".gap-fold summary").all_inner_texts()
    unfold(page)
    assert page.locator(".gap-no-fix").count() == len(without) > 10
    # What is folded tells all that it holds.
    assert len(folded) == page.locator(".gap-fold").count() > 0
    for text, fold in zip(folded, page.locator(".gap-fold").all(), strict=True):
        places = [numbers(place)[0] for place in fold.locator(".gap-places").all_inner_texts()]
        assert places[0] == sum(places[1:])
        assert len(places) > 3
        assert f"{places[0]}项次" in text
    text = page.locator(".gaps-main").inner_text()
    for gap in without:
        assert gap["no_fix"]["sentence_zh"] in text
        assert gap["would_do"][0]["sentence_zh"] in text
    brought = next(gap["fix"] for gap in found["gaps"] if gap["fix"] and "offer_to_try" in gap["fix"])
    with told(page, "/try") as answer:
        page.locator(".gap-fix", has_text=brought["sentence_zh"]).first.locator(".beside-text").click()
    tried = answer.value.json()
    page.wait_for_selector(".tried-offer .trial")
    assert tried["places_change"] >= brought["gain_places"] > 0
    told_places = numbers(page.locator(".tried-offer .trial-total").inner_text())
    assert told_places[0] == sum(row["places"] for row in tried["gained"])
    assert page.locator(".tried-offer button", has_text="保留").count() == 0


def test_a_fix_is_tried_alone_and_what_was_tried_before_is_put_aside_not_lost(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".gap-fix")
    gaps = ask(shared_site, "/v1/gaps")["gaps"]
    hours = next(row for gap in gaps if not gap["fix"] for row in gap["would_do"] if row["change"] == "times")
    fix = next(
        gap["fix"]
        for gap in gaps
        if gap["fix"] and "offer_to_try" not in gap["fix"] and gap["fix"]["where"]["offer"] != hours["offer"]
    )
    unfold(page)
    row = page.locator(".gap-no-fix span", has_text=hours["sentence_zh"]).first
    with told(page, "/try"):
        row.locator(".beside-text").click()
    wait_for_trial(page)
    wanted = f"{hours['offer_times']}; {hours['need_times']}"
    assert wanted in page.locator(".change .chip-set").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")

    with told(page, "/try") as answer:
        page.locator(".gap-fix", has_text=fix["sentence_zh"]).first.locator(".beside-text").click()
    assert [tried["id"] for tried in answer.value.request.post_data_json["changes"]] == [
        fix["where"]["offer"] or fix["where"]["unit"]
    ]
    wait_for_trial(page)
    assert numbers(page.locator(".change-aside").inner_text()) == [1]
    with told(page, "/try") as answer:
        page.get_by_role("button", name="一起试").click()
    assert len(answer.value.request.post_data_json["changes"]) == 2
    assert wanted in page.locator(".change .chip-set").inner_text()
    with told(page, "/try") as answer:
        page.get_by_role("button", name="只试这一项").click()
    assert len(answer.value.request.post_data_json["changes"]) == 1
    wait_for_trial(page)
    page.get_by_role("button", name="放弃").click()
    page.wait_for_selector(".panel", state="detached")
    left = page.evaluate("JSON.parse(localStorage['linli.drafts'])")
    assert [(one["field"], one["value"]) for one in left] == [("times", wanted)]
    assert page.get_by_role("button", name="尚未保存").count() == 1


def test_what_to_do_next_says_how_good_it_is_where_that_is_not_proved(
    shared_site, visit, monkeypatch
) -> None:
    monkeypatch.setattr(part, "FEW_ARCS", 0)
    page = visit(shared_site, "/gaps")
    page.locator(".next-steps input[name=budget]").fill("4")
    with told(page, "/v1/actions?") as answer:
        page.locator(".next-steps button[type=submit]").click()
    until(page, "!!document.querySelector('.next-steps ol')")
    found = answer.value.json()
    assert found["status"] == "bounded"
    inall, by_priority = page.locator(".next-steps p.note").all_inner_texts()
    assert numbers(inall)[:2] == [found["value"], found["bound"]]
    assert "已证" not in inall
    gains, bounds = by_priority.split("；")
    for text, name in ((gains, "value_by_priority"), (bounds, "bound_by_priority")):
        assert numbers(text) == [abs(places) for places in found[name].values() if places]
    with settling(page):
        page.get_by_role("button", name="EN").click()
    assert f"more than {found['bound']}." in page.locator(".next-steps p.note").first.inner_text()


def test_stations_as_a_curve_and_a_table_and_what_rests_on_one_unit(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".stations form")
    page.locator(".stations select[name=demand]").select_option("people")
    page.locator(".stations input[name=anew]").check()
    with told(page, "/v1/sites?") as answer:
        page.locator(".stations button[type=submit]").click()
    until(page, "!!document.querySelector('.stations svg')")
    plans = answer.value.json()["plans"]
    assert page.locator(".stations tbody tr").count() == len(plans)
    points = page.locator(".stations .curve-point")
    assert points.count() == len(plans) + 1
    # The keys go from point to point, and each says its numbers; the table says them too.
    points.first.focus()
    for plan in plans:
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(f".curve-point:focus[aria-label*='{plan['value']:,}']")
        said = numbers(page.locator(".curve-figure figcaption b").inner_text())
        assert said == [plan["p"], plan["value"], *([plan["bound"]] if plan["bound"] > plan["value"] else [])]
    for row, plan in zip(page.locator(".stations tbody tr").all_inner_texts(), plans, strict=True):
        assert numbers(row)[:3] == [plan["p"], plan["value"], plan["bound"]]
    ticks = [numbers(text)[0] for text in page.locator(".curve-up").all_text_contents()]
    assert ticks[0] == 0
    assert ticks == sorted(set(ticks))
    assert numbers(page.locator(".stations tbody tr").first.inner_text())[:2] == [1, plans[0]["value"]]
    # With the stations that there are the axis begins near what they reach, and says so.
    page.locator(".stations input[name=anew]").uncheck()
    with told(page, "/v1/sites?") as answer:
        page.locator(".stations button[type=submit]").click()
    found = answer.value.json()
    until(
        page,
        "(reached) => document.querySelector('.curve-point')?.ariaLabel.includes(reached)",
        f"{found['reached']:,}",
    )
    ticks = [numbers(text)[0] for text in page.locator(".curve-up").all_text_contents()]
    assert 0 < ticks[0] <= found["reached"]
    assert ticks[-1] >= found["plans"][-1]["bound"]
    assert numbers(page.locator(".curve-what").text_content()) == [ticks[0]]
    reached = [found["reached"], *(plan["value"] for plan in found["plans"])]
    steps = [after - before for before, after in pairwise(reached)]
    assert numbers(page.locator(".curve-steps").inner_text()) == steps
    with told(page, "/v1/beside") as answer:
        page.locator(".leaving summary").click()
    until(page, "!!document.querySelector('.leaving table')")
    found = answer.value.json()
    assert page.get_by_text("≥的是至少").count() == 0
    assert all(row["exact"] for row in found["if_one_leaves"])
    lost = [row["places"] for row in ask(shared_site, "/v1/beside?limit=1000")["if_one_leaves"]]
    assert len(lost) > 10

    def list_shown() -> list[int]:
        return [numbers(text)[-1] for text in page.locator(".leaving tbody tr").all_inner_texts()]

    assert list_shown() == lost[:10]
    with told(page, "/v1/beside"):
        page.get_by_role("button", name="看全部单位").click()
    until(page, "document.querySelectorAll('.leaving tbody tr').length > 10")
    assert list_shown() == lost == sorted(lost, reverse=True)
    assert page.get_by_role("button", name="看全部单位").count() == 0


def test_what_is_not_exact_where_a_unit_left_is_said_and_few_units_are_all_listed(shared_site, visit) -> None:
    document = ask(shared_site, "/v1/beside?limit=10")
    page = visit(shared_site, "/gaps")
    first, *others = document["if_one_leaves"]
    rows = [first | {"exact": False}, *others]
    answer_with(page, "**/v1/beside?*", document | {"if_one_leaves": rows})
    page.locator(".leaving summary").click()
    until(page, "!!document.querySelector('.leaving table')")
    assert page.get_by_text("≥的是至少").count() == 1
    cells = page.locator(".leaving tbody .amount").all_inner_texts()
    assert [text.startswith("≥") for text in cells] == [True] + [False] * len(others)
    assert page.locator(".leaving tbody tr").count() == len(document["if_one_leaves"])
    assert page.locator(".leaving button", has_text="看全部").count() == 0


def test_what_to_do_next_is_said_by_priority_where_it_takes_from_some(shared_site, visit) -> None:
    document = ask(shared_site, "/v1/actions?budget=2")
    swap, plain = document["actions"]
    swap |= {"adds": {"1": 1, "2": 0, "3": -1, "4": 0, "5": 0}, "adds_places": 0}
    plain |= {"adds": {"1": 0, "2": 2, "3": 0, "4": 0, "5": 0}, "adds_places": 2}
    page = visit(shared_site, "/gaps")
    answer_with(page, "**/v1/actions?*", document)
    page.locator(".next-steps button[type=submit]").click()
    until(page, "!!document.querySelector('.next-steps ol')")
    first, second = page.locator(".next-steps ol li").all_inner_texts()
    assert "让出：紧急 +1、一般 −1" in first
    assert "让出" not in second
    assert page.locator(".next-steps ol .amount").all_inner_texts() == ["+0", "+2"]


@pytest.mark.parametrize("kind", ["more_capacity", "ask_capacity"])
def test_more_places_are_tried_with_the_number_set(shared_site, visit, kind: str) -> None:
    document = ask(shared_site, "/v1/gaps")
    offers = ask(shared_site, "/v1/offers?limit=1000")["items"]
    known = kind == "more_capacity"
    offer = next(
        row for row in offers if ((row["capacity"] or 0) > 0) == known and (known or row["capacity"] is None)
    )
    gap = next(gap for gap in document["gaps"] if gap["fix"])
    gap["fix"] |= {
        "kind": kind,
        "places": 3,
        "where": {**gap["fix"]["where"], "offer": offer["id"], "unit": offer["unit"]},
    }
    gap["fix"].pop("offer_to_try", None)
    gap["fix"] |= {} if known else {"total": 4}
    document["gaps"] = [gap]
    page = visit(shared_site, "/today")
    answer_with(page, "**/v1/gaps?*", document)
    page.goto(shared_site.base + "/gaps")
    page.wait_for_selector(".gap-fix")
    page.locator(".gap-fix .beside-text").click()
    until(page, "document.querySelector('.change input')?.value")
    given = ask(shared_site, f"/v1/offers/{offer['id']}/card")["gives"][0]
    wanted = given["capacity"] + 3 if known else 4
    assert not known or given["round_capacity"] == given["capacity"]
    assert page.locator(".change input").first.input_value() == str(wanted)
    wait_for_trial(page)
    assert page.locator(".change [role=status]").is_visible()


def test_money_is_told_in_yuan_and_one_of_something_as_one(shared_site, visit) -> None:
    document = ask(shared_site, "/v1/gaps")
    gap = next(gap for gap in document["gaps"] if gap.get("needs") and not gap["certificate"])
    gap |= {"places": 1, "people": 1, "needs": gap["needs"][:1], "fix": None}
    document |= {"gaps": [gap], "projects": document["projects"] | {"unserved": 0}}
    missing = {"reason": "no_offer", "missing": {"category": 1000}, "places": 1000}
    money = gap | missing | dict.fromkeys(("unknown", "nearest", "times", "refused_by", "rule"))
    document["money"] = {"unserved": 1000, "summary": {"no_offer": 1000}, "gaps": [money], "warnings": []}
    page = visit(shared_site, "/today?lang=en")
    answer_with(page, "**/v1/gaps?*", document)
    page.goto(shared_site.base + "/gaps?lang=en")
    page.wait_for_selector(".gap-group")
    services, yuan = page.locator(".gaps-part").all_inner_texts()
    assert "1 place\n" in services
    assert "1 person" in services
    assert "See 1 need\n" in services
    assert "1 places" not in services
    assert "1,000 yuan: no offer of the category" in yuan
    assert yuan.count("1,000 yuan") == 4
    assert "place" not in yuan
    with settling(page):
        page.get_by_role("button", name="中").first.click()
    assert "项次" not in page.locator(".gaps-part").last.inner_text()


def test_the_hours_that_would_do_are_tried_beside_those_that_there_are(shared_site, visit) -> None:
    gaps = ask(shared_site, "/v1/gaps")["gaps"]
    row = next(
        row
        for gap in gaps
        if gap["fix"] is None
        for row in gap["would_do"]
        if row["change"] == "times" and row["gain_places"] > 0
    )
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".gap-no-fix")
    with told(page, "/try") as answer:
        unfold(page)
        page.locator(".gap-no-fix span", has_text=row["sentence_zh"]).first.locator(".beside-text").click()
    tried = answer.value.json()
    assert tried["places_change"] >= row["gain_places"]
    page.wait_for_selector(".change .trial")
    assert row["need_times"] in page.locator(".change").inner_text()


def test_a_fix_that_serves_projects_too_and_its_trial_say_the_same(shared_site, visit) -> None:
    fixes = [gap["fix"] for gap in ask(shared_site, "/v1/gaps")["gaps"] if gap["fix"]]
    fix = next(fix for fix in fixes if fix["gain_project_units"] and "offer_to_try" not in fix)
    page = visit(shared_site, "/gaps")
    line = page.locator(".gap-fix", has_text=fix["sentence_zh"]).first
    places, units = fix["gain_places"] - fix["gain_project_units"], fix["gain_project_units"]
    assert f"多服务{places}项次，项目+{units}家单位" in line.inner_text()
    line.locator(".beside-text").click()
    page.wait_for_selector(".change .trial-total")
    total = page.locator(".change .trial-total").inner_text()
    gained, _, lost, *_ = numbers(total)
    assert gained - lost == places
    assert f"项目+{units}家单位，−0家" in total
