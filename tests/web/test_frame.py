"""The frame of the workbench: words, keys, addresses, themes, search, long jobs, and nobody answering."""

from __future__ import annotations

import re
import urllib.request

import pytest

from tests.web.support import WIDER, ask, go_by_keys, settling, through_sizes, until, wait_for_new_round
from tests.workers import held_solvers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HAN = re.compile(r"[\u4e00-\u9fff]")
# Whether the first number says that it is of a round; it is asked again, for new figures may take its place.
SAYS_ROUND = """(round) => {
    const number = document.querySelector(".sentences .num");
    const isSaid = number?.closest(".num-holder").innerText.includes(round);
    if (isSaid && document.activeElement === number) return true;
    document.activeElement?.blur();
    number?.focus();
    return false;
}"""
BACKGROUNDS = {"light": "rgb(244, 246, 248)", "dark": "rgb(18, 23, 28)", "high": "rgb(255, 255, 255)"}


def test_chinese_is_drawn_as_glyphs(shared_site, visit):
    page = visit(shared_site, "/lists")
    drawn = page.evaluate(
        """() => ["邻", "里", "\\u{10fffd}"].map((sign) => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 40;
            const pen = canvas.getContext("2d");
            pen.font = "32px " + getComputedStyle(document.documentElement).fontFamily;
            pen.fillText(sign, 2, 34);
            return canvas.toDataURL();
        })"""
    )
    assert len(set(drawn)) == 3, "two signs look the same: is fonts-noto-cjk installed?"


def test_help_fits_every_size(shared_site, visit):
    page = visit(shared_site, "/lists", size="small")
    for size in through_sizes(page):
        page.keyboard.press("?")
        page.wait_for_selector(".panel")
        assert page.evaluate(WIDER) <= 0, size
        page.keyboard.press("Escape")
        page.wait_for_selector(".panel", state="detached")


@pytest.mark.parametrize("theme", sorted(BACKGROUNDS))
def test_themes_draw_their_own_colours(shared_site, visit, theme):
    page = visit(shared_site, "/lists", theme=theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == BACKGROUNDS[theme]


def test_the_theme_follows_the_system_unless_chosen(shared_site, visit):
    page = visit(shared_site, "/lists", theme="auto")
    page.emulate_media(color_scheme="dark")
    until(page, "document.documentElement.dataset.theme === 'dark'")
    page.emulate_media(color_scheme="light", contrast="more")
    until(page, "document.documentElement.dataset.theme === 'high'")


def test_english_leaves_only_names_in_chinese(shared_site, visit):
    page = visit(shared_site, "/today")
    page.get_by_role("button", name="EN").click()
    until(page, "document.documentElement.lang === 'en'")
    assert "lang=en" in page.url
    own_words = page.locator(".menu, .filterbar select option:first-child, .todo h2, .saved, .synthetic")
    assert not HAN.search(" ".join(own_words.all_inner_texts()))
    names = page.locator("[aria-label]").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert not [name for name in names if HAN.search(name) and name != "中"]
    page.reload()
    page.wait_for_selector(".sentences")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_keys_go_everywhere_and_stay_out_of_text_fields(shared_site, visit):
    page = visit(shared_site, "/today")
    page.keyboard.press("?")
    page.wait_for_selector(".help")
    page.keyboard.press("Escape")
    page.wait_for_selector(".help", state="detached")
    go_by_keys(page, "gl")
    page.wait_for_url("**/lists")
    page.keyboard.press("/")
    page.wait_for_selector("input[type=search]:focus")
    page.keyboard.type("gt?")
    assert page.url.endswith("/lists")
    assert page.locator(".help").count() == 0
    page.keyboard.press("Escape")
    page.wait_for_selector("input[type=search]:not(:focus)")
    go_by_keys(page, "gt")
    page.wait_for_url("**/today")


def test_single_keys_can_be_switched_off(shared_site, visit):
    page = visit(shared_site, "/lists")
    page.keyboard.press("?")
    page.get_by_label("使用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.wait_for_selector(".help", state="detached")
    with settling(page):
        go_by_keys(page, "gt")
    assert page.url.endswith("/lists")


def test_every_stop_of_tab_shows_where_it_is(shared_site, visit):
    page = visit(shared_site, "/today")
    seen = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const at = document.activeElement, look = getComputedStyle(at);
                const drawn = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
                return { name: at.outerHTML.slice(0, 80), drawn };
            }"""
        )
        assert stop["drawn"], stop["name"]
        seen.add(stop["name"])
    assert len(seen) > 12


def test_filters_live_in_the_address(shared_site, visit):
    page = visit(shared_site, "/today")
    reasons = page.locator(".sentences .reason-number")
    name = reasons.first.inner_text()
    with settling(page):
        reasons.first.click()
        page.wait_for_url("**/today?reason=*")
    address = page.url
    page.reload()
    page.wait_for_selector(".reason-number[aria-pressed=true]")
    assert page.locator(".reason-number[aria-pressed=true]").inner_text() == name
    assert page.url == address
    page.go_back()
    page.wait_for_url(lambda url: "reason=" not in url)
    page.wait_for_selector(".reason-number[aria-pressed=true]", state="detached")


def test_what_is_typed_into_search_stays_out_of_the_address(shared_site, visit):
    unit = ask(shared_site, "/v1/units?limit=1")["items"][0]
    page = visit(shared_site, "/today")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("/")
    page.wait_for_selector("input[type=search]:focus")
    page.keyboard.type(unit["name"])
    # What the first letters found goes when more are typed.
    until(page, "(name) => document.querySelector('#found')?.innerText.includes(name)", unit["name"])
    with settling(page):
        page.keyboard.press("Enter")
    assert not [url for url in [*asked, page.url] if HAN.search(urllib.request.unquote(url))]
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert unit["name"] not in kept


def test_signs_differ_in_shape(shared_site, visit):
    page = visit(shared_site, "/lists", theme="high")
    page.keyboard.press("?")
    icons = page.locator(".signs .icon")
    drawn = [icons.nth(index).screenshot() for index in range(icons.count())]
    assert len(drawn) >= 11
    assert len(set(drawn)) == len(drawn)


def test_when_nobody_answers_the_page_says_so_and_comes_back(shared_site, visit):
    page = visit(shared_site, "/today")
    figures = page.locator(".sentences").inner_text()
    page.context.set_offline(True)
    until(page, "(dispatchEvent(new Event('online')), document.querySelector('.bar-warn') !== null)")
    assert "连不上" in page.locator(".bar-warn").inner_text()
    assert page.locator(".sentences").inner_text() == figures
    page.context.set_offline(False)
    page.wait_for_selector(".bar-warn", state="detached")


def test_an_empty_store_says_the_next_step(empty_site, visit):
    page = visit(empty_site, "/today")
    assert "还没有清单，把Excel拖到这里" in page.locator("main").inner_text()
    page.locator("main button").click()
    page.wait_for_url("**/lists")
    page.wait_for_selector(".drop-zone")


def test_matching_anew_is_a_job_of_the_header(own_site, visit):
    before = ask(own_site, "/v1/state")["round"]
    page = visit(own_site, "/today")
    page.keyboard.press("r")
    after = wait_for_new_round(own_site, page, before)
    page.wait_for_selector(".work", state="detached")
    until(page, SAYS_ROUND, after)


def test_a_cancelled_job_changes_nothing(own_site, visit):
    before = ask(own_site, "/v1/state")["round"]
    page = visit(own_site, "/today")
    with held_solvers():
        page.keyboard.press("r")
        page.locator(".work button").click()
        until(page, "document.querySelector('.work')?.textContent.includes('已取消，原安排不变')")
    assert ask(own_site, "/v1/state")["round"] == before
