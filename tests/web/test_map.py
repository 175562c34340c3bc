"""The map: drawn, told apart without colour, the same figures as its table, selected both ways."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from tests.web.support import answer_with, summary, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

READY = "document.querySelector('.map-box')?.dataset.state === 'ready'"
DRAWN = """() => {
    const map = document.querySelector(".map-sheet canvas");
    const copy = document.createElement("canvas");
    copy.width = map.width; copy.height = map.height;
    const pen = copy.getContext("2d");
    pen.drawImage(map, 0, 0);
    const pixels = new Uint32Array(pen.getImageData(0, 0, copy.width, copy.height).data.buffer);
    const colours = new Set();
    let other = 0, picture = 0;
    for (let at = 0; at < pixels.length; at += 1) {
        picture = Math.imul(picture ^ pixels[at], 16777619);
        if (pixels[at] !== pixels[0]) other += 1;
        if (pixels[at] !== pixels[at - 1]) colours.add(pixels[at]);
    }
    return { other, colours: colours.size, picture };
}"""
TILE_PX = 512


def open_map(visit: Any, site: Any, query: str = "", **how: Any) -> Any:
    page = visit(site, f"/map{query}", has_map=True, **how)
    until(page, READY)
    return page


def drawn(page: Any) -> Any:
    """The map's picture, once it stands still."""
    last = page.evaluate(DRAWN)
    while (now := page.evaluate(DRAWN)) != last:
        last = now
    return now


def place_of(page: Any, lon: float, lat: float) -> tuple[float, float]:
    """Where a point lies in the window, by the view that the address tells."""
    zoom, centre_lat, centre_lon = (float(part) for part in page.url.partition("#")[2].split("/"))

    def mercator(x: float, y: float) -> tuple[float, float]:
        sine = math.sin(math.radians(y))
        return x / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)

    box = page.locator(".map-sheet canvas").bounding_box()
    (x, y), (x0, y0) = mercator(lon, lat), mercator(centre_lon, centre_lat)
    scale = TILE_PX * 2**zoom
    return box["x"] + box["width"] / 2 + (x - x0) * scale, box["y"] + box["height"] / 2 + (y - y0) * scale


@pytest.mark.parametrize("theme", ["dark", "high"])
def test_the_map_is_drawn(shared_site, visit, theme):
    picture = drawn(open_map(visit, shared_site, theme=theme))
    assert picture["other"] > 5_000
    assert picture["colours"] > 20


def test_names_are_drawn_as_glyphs(shared_site, visit):
    """The same neighbourhood called 邻邻邻 and 里里里 makes two pictures: no boxes in place of signs.

    That what is the same is drawn the same, `test_the_view_is_in_the_address_and_stays_over_a_reload` holds.
    """
    document = summary(shared_site)
    area = next(one for one in document["areas"] if one["unserved"])
    page = visit(shared_site, "/lists", has_map=True)
    pictures = []
    for name in ("邻邻邻", "里里里"):
        area["name"] = name
        page.unroute_all()
        answer_with(page, "**/summary*", document)
        page.goto(f"{shared_site.base}/map")
        until(page, READY)
        pictures.append(drawn(page)["picture"])
    assert pictures[0] != pictures[1]


def test_map_legend_and_table_show_the_same_figures(shared_site, visit):
    page = open_map(visit, shared_site)
    picture = drawn(page)
    assert picture["other"] > 5_000
    assert picture["colours"] > 20
    reasons = {one["reason"] for one in summary(shared_site)["areas"] if one["unserved"]}
    named = page.locator(".legend canvas[data-reason]").evaluate_all(
        "(all) => all.map((one) => one.dataset.reason)"
    )
    assert set(named) == reasons
    known = {one["name"]: one for one in summary(shared_site)["areas"]}
    rows = page.locator(".map-table .ag-grid-scrolling-rows .ag-row")
    shown = [rows.nth(at).locator(".ag-cell").all_inner_texts() for at in range(rows.count())]
    assert len(shown) >= 15
    for name, unserved, wanted, _ in shown:
        if name != "区域不明":
            assert (int(unserved), int(wanted)) == (known[name]["unserved"], known[name]["wanted"])
    figures = summary(shared_site)["figures"]
    whole = [figures["unserved"], figures["places_wanted"]]
    assert [sum(int(row[at]) for row in shown) for at in (1, 2)] == whole
    total = page.locator(".map-table .ag-row-pinned .ag-cell").all_inner_texts()
    assert [int(text) for text in total[1:3]] == whole


def test_a_row_selects_on_the_map_and_a_circle_in_the_table(shared_site, visit):
    page = open_map(visit, shared_site)
    before = drawn(page)["picture"]
    page.locator(".map-table .ag-grid-scrolling-rows .ag-row").first.locator(".ag-cell").first.click()
    page.wait_for_url("**sel=area**")
    until(page, f"(before) => ({DRAWN})().picture !== before", before)

    chosen = re.search(r"sel=area%3A([^&#]+)", page.url)[1]
    page.get_by_label("放大").click()
    until(page, "location.hash !== ''")
    lat, lon = (float(part) for part in page.url.partition("#")[2].split("/")[1:])
    others = [
        one for one in summary(shared_site)["areas"] if one["unserved"] and one["lon"] and one["id"] != chosen
    ]
    other = min(others, key=lambda one: math.hypot(one["lon"] - lon, one["lat"] - lat))
    page.mouse.click(*place_of(page, other["lon"], other["lat"]))
    page.wait_for_url(f"**sel=area%3A{other['id']}**")
    page.locator(".map-table .selected-line", has_text=other["name"]).wait_for()
    page.locator(".map-table .cell-selected", has_text=other["name"]).first.wait_for()


def test_the_view_is_in_the_address_and_stays_over_a_reload(shared_site, visit):
    page = open_map(visit, shared_site)
    whole = drawn(page)["picture"]
    page.get_by_label("放大").click()
    until(page, "location.hash !== ''")
    address = page.url
    pictures = []
    for _ in range(2):
        page.reload()
        until(page, READY)
        pictures.append(drawn(page)["picture"])
        assert page.url == address
    assert pictures[0] == pictures[1]
    assert pictures[0] != whole


def test_m_goes_between_map_and_table(shared_site, visit):
    page = visit(shared_site, "/today")
    page.keyboard.press("m")
    page.wait_for_url("**/map**")
    page.wait_for_selector(".map-page")
    page.keyboard.press("m")
    page.wait_for_url("**/today**")


def test_beside_today_lies_the_same_map(shared_site, visit):
    page = visit(shared_site, "/today", has_map=True)
    until(page, READY)
    assert page.evaluate(DRAWN)["other"] > 1_000
    assert "#" not in page.url


def test_without_webgl_the_table_is_enough(shared_site, visit):
    page = visit(shared_site, "/map")
    page.wait_for_selector(".map-missing")
    assert "表里是同样的行和数" in page.locator(".map-missing").inner_text()
    assert page.locator(".map-table .ag-row").count() > 10
    assert page.locator(".bar-danger").count() == 0
    beside = names_in_order(page, ".map-table")
    page.goto(f"{shared_site.base}/today")
    page.wait_for_selector(".board .ag-row")
    assert names_in_order(page, ".board") == beside
    assert len(beside) == 12


def names_in_order(page, table):
    """The first twelve neighbourhoods of a table, from top to bottom."""
    return page.locator(f"{table} .ag-row:not(.ag-row-pinned)").evaluate_all(
        """(rows) => rows.map((row) => [Number(row.getAttribute("row-index")), row.querySelector(".ag-cell")])
          .filter(([at, cell]) => at < 12 && cell?.getAttribute("aria-colindex") === "1")
          .sort(([one], [other]) => one - other).map(([, cell]) => cell.innerText.trim())"""
    )


@pytest.mark.parametrize("theme", ["light", "dark", "high"])
def test_seven_reasons_are_told_apart_in_greys(shared_site, visit, theme):
    """Each reason's pattern, its colour taken away, differs from every other."""
    page = visit(shared_site, "/lists", theme=theme)
    page.keyboard.press("?")
    page.wait_for_selector(".signs canvas")
    greys = page.evaluate(
        """() => [...document.querySelectorAll(".signs canvas")].map((canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const grey = [];
            for (let at = 0; at < data.length; at += 4)
                grey.push(0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]);
            return grey;
        })"""
    )
    assert len(greys) == 7
    for one in range(7):
        for other in range(one):
            apart = sum(abs(a - b) for a, b in zip(greys[one], greys[other], strict=True)) / len(greys[one])
            assert apart > 10, (one, other, apart)
