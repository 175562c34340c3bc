"""Beside the optimum: what a place is worth, what fairness, a distance cap and free choice would cost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.support import WIDER, ask, intercept, numbers, settling, through_sizes, until

PANEL = ".beside-panel"
SECTION = f"{PANEL} > section"
# On how many lines each priority stands with its number.
PAIRS = "[...document.querySelectorAll('.toll-swap > span')].map((pair) => pair.getClientRects().length)"
DONE = f"document.querySelectorAll('{SECTION} .state-loading').length === 0"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def open_beside(page: Any, name: str = "最优之外…") -> Any:
    page.get_by_role("button", name=name).click()
    page.wait_for_selector(PANEL)
    return page


def open_round(visit: Any, site: Any, query: str = "", **how: Any) -> Any:
    page = visit(site, f"/round{query}", **how)
    page.wait_for_selector(".round-buttons")
    return page


def section(page: Any, at: int) -> Any:
    return page.locator(SECTION).nth(at)


def test_the_panel_says_what_the_service_says(shared_site, visit):
    told = ask(shared_site, "/v1/beside?limit=10")
    page = open_beside(open_round(visit, shared_site))
    until(page, DONE)
    assert page.locator(f"{PANEL} [role=status]").inner_text() == ""
    section(page, 0).get_by_role("button", name="再看5个").click()
    places = section(page, 0).locator(":scope > .why-list > li").all_inner_texts()
    assert len(places) == len(told["more_places"])
    for text, row in zip(places, told["more_places"], strict=True):
        more = text[text.index("多一个：") :]
        assert f"（优先级{row['more_priority']}）" in more
        assert abs(row["cost_saved"]) in numbers(more)
        assert "少一个：" in text
    fair, cap, stable = (section(page, at).inner_text() for at in (1, 2, 3))
    largest = 100 * told["fair_share"]["largest_share"]
    assert f"最多能保证{largest:.1f}%" in fair
    for text, steps in ((fair, told["fair_share"]["steps"]), (cap, told["distance_cap"]["steps"])):
        for step in steps:
            assert abs(step["toll"]["cost"]) in numbers(text)
            assert abs(step["toll"]["people_reached"]) in numbers(text)
    assert round(told["distance_cap"]["farthest_m"]) in numbers(cap)
    assert numbers(stable)[0] == told["stability"]["blocking_pairs"]
    assert told["stability"]["by_needs"]["places"] in numbers(stable)
    section(page, 3).locator("summary").click()
    assert section(page, 3).locator("li").count() == len(told["stability"]["pairs"])


def test_a_share_is_chosen_and_one_that_cannot_be_had_is_said_so(shared_site, visit):
    page = open_beside(open_round(visit, shared_site))
    until(page, DONE)
    least = section(page, 1).locator("select").nth(1)
    with settling(page):
        least.select_option("1")
    page.wait_for_selector(f"{SECTION} [role=alert]")
    assert "没有办法让各方都至少满足100%" in section(page, 1).inner_text()
    with settling(page):
        section(page, 1).locator("select").nth(0).select_option("group")
        least.select_option("0.2")
    section(page, 1).locator("summary").click()
    told = ask(shared_site, "/v1/beside?part=fair_share&by=group&share=0.2")["fair_share"]
    rows = section(page, 1).locator("details tbody tr").all_inner_texts()
    assert [numbers(row)[-3:] for row in rows] == [
        [group["wanted"], group["before"], group["after"]] for group in told["groups"]
    ]


def test_a_place_that_helps_can_be_tried_and_keys_lead_back(shared_site, visit):
    page = open_beside(open_round(visit, shared_site))
    until(page, DONE)
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    assert page.evaluate("document.activeElement.innerText") == "最优之外…"
    page.keyboard.press("Enter")
    until(page, DONE)
    row = next(one for one in ask(shared_site, "/v1/beside?part=more_places")["more_places"] if one["offer"])
    section(page, 0).get_by_role("button", name="试一试").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .trial-total")
    trial = ask(shared_site, "/v1/rounds/current/try", {"more": [{"id": row["offer"]}]})
    gained = sum(one["places"] for one in trial["gained"])
    assert numbers(page.locator(".panel .trial-total b").inner_text()) == [gained]
    assert "差额是准的" in page.locator(".panel").inner_text()
    page.get_by_role("button", name="改一个数").click()
    page.wait_for_selector(".change input:focus")


def test_a_unit_gone_and_a_project_that_wants_more_can_be_tried(shared_site, visit):
    page = visit(shared_site, "/gaps")
    page.locator(".leaving summary").click()
    page.locator(".leaving tbody button").first.click()
    page.wait_for_selector(".panel .trial-total")
    unit = ask(shared_site, "/v1/beside?part=if_one_leaves&limit=1")["if_one_leaves"][0]["unit"]
    trial = ask(shared_site, "/v1/rounds/current/try", {"gone": [unit]})
    shown = numbers(page.locator(".panel .trial-total").inner_text())
    assert shown[:3] == [sum(one["places"] for one in trial[kind]) for kind in ("gained", "moved", "lost")]
    row = next(
        one for one in ask(shared_site, "/v1/rounds/current/rows?limit=1000")["items"] if one["kind"] == "project"
    )
    page = visit(shared_site, f"/round?sel=project:{row['project']}")
    page.locator(".round-grid .cell-selected").first.click()
    page.get_by_role("button", name="改数量").click()
    page.wait_for_selector(".change input:focus")
    page.keyboard.type("9")
    page.wait_for_selector(".change [type=submit]:enabled")
    assert page.locator(".panel .state-error").count() == 0


def test_what_goes_wrong_stands_in_its_part_and_can_be_asked_again(shared_site, visit):
    page = open_round(visit, shared_site)
    is_broken = True

    def answer(route: Any) -> None:
        if is_broken:
            route.fulfill(status=500, content_type="application/problem+json", body='{"status": 500, "title": "x"}')
        else:
            route.continue_()

    intercept(page, "**/v1/beside?*part=distance_cap*", answer)
    open_beside(page)
    page.wait_for_selector(f"{SECTION} .state-error")
    until(page, DONE)
    assert section(page, 2).locator(".state-error").count() == 1
    assert page.locator(f"{SECTION} table").count() > 1
    is_broken = False
    section(page, 2).get_by_role("button").click()
    page.wait_for_selector(f"{SECTION} .state-error", state="detached")
    until(page, DONE)
    assert "米" in section(page, 2).inner_text()


@pytest.mark.parametrize(("query", "name"), [("", "最优之外…"), ("?lang=en", "Beside the optimum…")])
def test_nothing_is_wider_than_the_window(shared_site, visit, query, name):
    page = open_beside(open_round(visit, shared_site, query, size="small"), name)
    until(page, DONE)
    page.evaluate(f"document.querySelectorAll('{PANEL} details').forEach((one) => (one.open = true))")
    for size in through_sizes(page):
        body = "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.panel-body'))"
        assert (page.evaluate(WIDER), page.evaluate(body)) == (0, 0), size
        pairs = page.evaluate(PAIRS)
        assert pairs, "no rule of the sample moves places between priorities"
        assert set(pairs) == {1}, f"a priority and its number stand on two lines: {size}"


def test_what_an_alternative_would_cost_is_worked_out_on_request(shared_site, visit):
    rows = ask(shared_site, "/v1/rounds/current/rows?limit=1000")["items"]
    for row in rows:
        if row["kind"] != "need" or not row["assignments"]:
            continue
        told = ask(shared_site, f"/v1/explain/{row['need']}?exact=true")
        others = [one for one in told["alternatives"] if one.get("regret", {}).get("moves")]
        if others and len(others[0]["regret"]["moves"]) > 1:
            break
    else:
        pytest.fail("no need of the sample could be served otherwise by moving another")
    page = visit(shared_site, f"/round?sel=need:{row['need']}")
    page.wait_for_selector(".round-grid .cell-selected")
    page.locator(".round-grid .cell-selected").first.click()
    page.wait_for_selector(".panel .why")
    at = [one for one in told["alternatives"] if one["reason"] != "chosen"].index(others[0])
    other = page.locator(".panel .why section:last-child .why-list > li").nth(at)
    assert other.locator(".regret").count() == 0
    other.get_by_role("button", name="换成它，总共要多少？").click()
    other.locator(".regret").wait_for()
    shown = other.locator(".regret").inner_text()
    assert shown.startswith("算到底：")
    assert numbers(shown)[0] == abs(others[0]["regret"]["cost"])
    assert other.locator(".regret li").count() == len(others[0]["regret"]["moves"])
    # One of several: the others are as they were.
    assert page.locator(".panel .regret").count() == 1


def test_a_unit_says_what_a_place_of_it_is_worth(shared_site, visit):
    unit = ask(shared_site, "/v1/beside?part=more_places")["more_places"][0]["unit"]
    told = ask(shared_site, f"/v1/beside?part=more_places&of={unit}")
    page = visit(shared_site, f"/units/{unit}")
    page.locator(".worth button").click()
    page.wait_for_selector(".worth .why-list")
    rows = page.locator(".worth > .why-list > li").all_inner_texts()
    assert len(rows) == len(told["more_places"][:5])
    for text, row in zip(rows, told["more_places"], strict=False):
        assert abs(row["cost_saved"]) in numbers(text)
    page.locator(".worth").get_by_role("button", name="试一试").first.click()
    page.wait_for_selector(".panel .trial-total")
    assert page.get_by_role("button", name="回到最优之外").count() == 0
