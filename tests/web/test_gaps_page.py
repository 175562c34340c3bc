"""How the page of gaps is laid out: what to do next is near, whatever the window and whatever stands open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.support import WIDER, ask, numbers, settling, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SCREENS = 4  # of a phone, which all sections take when folded
BOX = "(selector) => document.querySelector(selector).getBoundingClientRect().toJSON()"


def box(page: Any, selector: str) -> Any:
    return page.evaluate(BOX, selector)


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "small")])
def test_a_phone_begins_with_what_to_do_next_and_folds_the_gaps(shared_site, visit, lang, size) -> None:
    document = ask(shared_site, "/v1/gaps")
    page = visit(shared_site, f"/gaps?lang={lang}", size=size)
    page.wait_for_selector(".gap-group")
    height = page.viewport_size["height"]
    assert box(page, ".next-steps button")["bottom"] < height - 57  # above the menu
    assert box(page, ".next-steps")["bottom"] <= box(page, ".gap-group")["top"]
    # What is read is also what is reached: no order of the style's own.
    places = page.locator(".next-steps, .gap-group, .stations, .blind-spots").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert places == sorted(places)
    assert page.evaluate("document.documentElement.scrollHeight") < SCREENS * 844
    folded = page.locator(".gaps-part").first.locator("summary .amount").all_inner_texts()
    assert sum(numbers(text)[0] for text in folded) == document["unserved"]
    assert page.locator(".gap").first.is_visible() is False
    group = page.locator(".gap-group").first
    group.locator("summary").click()
    group.locator(".gap").first.wait_for()
    # However far one has read, the head of the group is in sight and folds it.
    group.locator(".gap").last.scroll_into_view_if_needed()
    assert 0 <= box(page, ".gap-group > summary")["top"] < height
    group.locator("summary").click()
    group.locator(".gap").first.wait_for(state="hidden")
    assert page.evaluate(WIDER) <= 0


def test_a_jump_goes_to_its_section_and_unfolds_it(shared_site, visit) -> None:
    document = ask(shared_site, "/v1/gaps")
    page = visit(shared_site, "/gaps", size="phone")
    page.wait_for_selector(".gaps-jumps")
    jumps = page.locator(".gaps-jumps button")
    assert numbers(jumps.first.inner_text()) == [document["unserved"]]
    assert numbers(jumps.nth(1).inner_text()) == [document["projects"]["unserved"]]
    jumps.filter(has_text="站点").focus()
    page.keyboard.press("Enter")
    page.locator(".stations form").wait_for()
    assert page.evaluate("document.activeElement.closest('.stations') !== null")
    assert box(page, ".stations")["top"] < page.viewport_size["height"]
    jumps.filter(has_text="空白点").click()
    assert box(page, ".blind-spots")["top"] < page.viewport_size["height"]


def test_one_group_alone_is_open_on_a_phone_too(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps?reason=no_capacity", size="phone")
    page.locator(".gaps-part").first.locator(".gap").first.wait_for()


def test_an_open_panel_leaves_what_to_do_next_where_it_is(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".gap-fix .beside-text")
    before = box(page, ".next-steps")
    with settling(page):
        page.locator(".gap-fix .beside-text").first.click()
        page.wait_for_selector(".panel .change input")
    now = box(page, ".next-steps")
    assert abs(now["top"] - before["top"]) < 48  # a second row of reasons, at most
    assert now["right"] <= box(page, ".panel")["left"]
    assert box(page, ".gap-group")["right"] <= now["left"]
    assert page.evaluate(WIDER) <= 0
    page.set_viewport_size({"width": 1200, "height": 800})
    until(page, "innerWidth === 1200")
    # Where three don't fit side by side it comes before the gaps.
    assert box(page, ".next-steps")["bottom"] <= box(page, ".gap-group")["top"]
    assert page.evaluate(WIDER) <= 0
