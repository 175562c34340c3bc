"""Rules of a round (更多规则): a published round kept, places spread, and what a refusal says of which field."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from graph.store import open_store
from tests.web.support import WIDER, ask, change, intercept, numbers, settling, through_sizes, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RULES = "#round-rules"
BUTTON = f"[aria-controls={RULES[1:]}]"


def publish(site: Any) -> str:
    """Publish the round that is shown, at once."""
    shown = str(ask(site, "/v1/rounds/current")["id"])
    with closing(open_store(site.store_url)) as store:
        store.change_round(shown, "published")
    return shown


def unfold(visit: Any, site: Any, query: str = "", **how: Any) -> Any:
    """Open the round's page, and its rules by the keyboard."""
    page = visit(site, f"/round{query}", **how)
    page.locator(BUTTON).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{RULES} .rules-form [type=submit]")
    return page


def wait_for_kept(page: Any, was: str) -> None:
    """Wait until the page shows a round made after one, with what it kept or spread."""
    until(page, "(was) => !location.pathname.includes(was)", was)
    page.wait_for_selector(".kept-figures")


def test_rules_are_folded_and_nothing_is_asked_for_without_them(own_site, visit):
    page = visit(own_site, "/round")
    page.wait_for_selector(BUTTON)
    assert page.locator(BUTTON).get_attribute("aria-expanded") == "false"
    assert not page.locator(".rules-form").is_visible()
    assert page.locator(".kept-figures").count() == 0
    sent: list[Any] = []
    page.on("request", lambda one: sent.append(one.post_data_json) if one.method == "POST" else None)
    was = ask(own_site, "/v1/state")["round"]
    page.keyboard.press("r")
    until(page, "(was) => !location.pathname.includes(was)", was)
    assert [set(wish) for wish in sent] == [{"from", "to", "fit"}]


def test_without_a_published_round_it_is_said_what_is_missing(shared_site, visit):
    page = unfold(visit, shared_site)
    page.wait_for_selector(f"{RULES} :text('还没有发布过的轮次')")
    assert page.locator(f"{RULES} select").count() == 0
    assert page.locator(f"{RULES} [name=load_m]").input_value() == "0"


def test_a_published_round_is_kept_and_kept_on(own_site, visit):
    published = publish(own_site)
    used = max(ask(own_site, "/v1/assignments"), key=lambda row: row["places"] if row["offer"] else 0)
    change(own_site, f"/v1/offers/{used['offer']}", {"capacity": 0})
    page = unfold(visit, own_site)
    page.locator(f"{RULES} select").select_option(published)
    page.locator(f"{RULES} [name=keep_m]").fill("300")
    page.locator(f"{RULES} [name=most_moves]").fill("0")
    page.locator(f"{RULES} [name=load_m]").fill("20")
    page.reload()
    page.wait_for_selector(f"{BUTTON}:has-text('已改')")
    page.locator(BUTTON).click()
    assert page.locator(f"{RULES} [name=keep_m]").input_value() == "300"
    page.locator(f"{RULES} [name=keep_m]").press("Enter")
    wait_for_kept(page, published)
    shown = ask(own_site, "/v1/match")
    kept, load = shown["keep"], shown["load"]
    assert (kept["round"], kept["asked_m"], kept["most_moves"], load["step_m"]) == (published, 300, 0, 20)
    assert kept["moved"] > 0
    assert (kept["status"], "已证至少要换" in page.locator(".kept-how").inner_text()) == ("exceeded", True)
    assert kept["fewest"] in numbers(page.locator(".kept-how").inner_text())
    told = page.locator(".kept-figures").all_inner_texts()
    assert all(f"{kept[name]}项次" in told[0] for name in ("places", "stay", "moved", "gone"))
    assert numbers(told[1]) == [20, load["units"], load["most_places"]]
    assert page.locator(f"{RULES} [name=load_m]").input_value() == "20"
    assert "已改" not in page.locator(BUTTON).inner_text()

    now = ask(own_site, "/v1/state")["round"]
    page.get_by_role("button", name="重算", exact=True).first.click()
    wait_for_kept(page, now)
    again = ask(own_site, "/v1/match")
    assert (again["round"]["id"] != now, again["keep"], again["load"]) == (True, kept, load)

    now = again["round"]["id"]
    page.get_by_role("button", name="不用规则").click()
    page.get_by_role("button", name="按这些规则重算").click()
    until(page, "(was) => !location.pathname.includes(was)", now)
    page.wait_for_selector(".kept-figures", state="detached")
    assert (ask(own_site, "/v1/match")["keep"], ask(own_site, "/v1/match")["load"]) == (None, None)


@pytest.mark.parametrize(("lang", "expected"), [("zh", "应为"), ("en", "Expected: ")])
def test_what_is_refused_stands_at_its_field(own_site, visit, lang, expected):
    published = publish(own_site)
    page = unfold(visit, own_site, f"?lang={lang}")
    page.locator(f"{RULES} select").select_option(published)
    page.locator(f"{RULES} [name=most_moves]").fill("-1")
    page.locator(f"{RULES} [name=load_m]").fill("1.5")
    page.locator(f"{RULES} [type=submit]").click()
    page.wait_for_selector(f"{RULES} .field-fault")
    wrong = page.locator(f"{RULES} [aria-invalid=true]")
    assert [field.get_attribute("name") for field in wrong.all()] == ["most_moves", "load_m"]
    for field in wrong.all():
        described = page.locator(f"[id='{field.get_attribute('aria-describedby')}'] .field-fault")
        assert expected in described.inner_text()
    assert page.evaluate("document.activeElement.name") == "most_moves"
    assert ask(own_site, "/v1/state")["round"] == published


def test_a_round_that_is_published_no_more_is_refused_at_the_choice(own_site, visit):
    published = publish(own_site)
    page = unfold(visit, own_site)

    def rename(route: Any) -> None:
        route.continue_(post_data={**route.request.post_data_json, "keep_round": "2030-9"})

    page.locator(f"{RULES} select").select_option(published)
    intercept(page, "**/v1/rounds", rename)
    page.locator(f"{RULES} [type=submit]").click()
    page.wait_for_selector(f"{RULES} .rule:has(select[aria-invalid=true]) .field-fault")
    assert "2030-9" in page.locator(f"{RULES} .field-fault").inner_text()


def test_rules_fit_every_size(own_site, visit):
    published = publish(own_site)
    for lang in ("zh", "en"):
        page = unfold(visit, own_site, f"?lang={lang}")
        page.locator(f"{RULES} select").select_option(published)
        for size in through_sizes(page):
            assert page.evaluate(WIDER) == 0, (lang, size)
            box = page.locator(f"{RULES} [name=most_moves]").bounding_box()
            assert box is not None, (lang, size)
            assert size == "desk" or box["height"] >= 48, (lang, size)
        with settling(page):
            page.evaluate("localStorage.removeItem('linli.rules')")
