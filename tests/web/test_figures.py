"""Figures are never cut: half a number reads as another number."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.support import answer_with, summary, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# What a cell holds is within the cell, and the cell within what is seen or covered.
CUT = """() => {
    const grid = document.querySelector(".board .grid");
    const frame = grid.getBoundingClientRect();
    const covers = [...grid.querySelectorAll(".column-cut")]
        .filter((cover) => !cover.hidden).map((cover) => cover.getBoundingClientRect());
    const last = grid.querySelector(".ag-row-pinned [col-id=total]").getBoundingClientRect();
    const cut = [];
    for (const cell of grid.querySelectorAll(".ag-cell.grid-number")) {
        const inner = cell.querySelector(".grid-cell") ?? cell;
        const text = inner.textContent;
        if (text === "") continue;
        if (inner.scrollWidth > inner.clientWidth || cell.scrollWidth > cell.clientWidth) cut.push(text);
        const { left, right } = cell.getBoundingClientRect();
        const isTotal = cell.getAttribute("col-id") === "total";
        if (isTotal && right > frame.right) cut.push(`${text} outside`);
        const isCovered = covers.some((cover) => cover.left <= left + 1 && cover.right >= last.left - 1);
        const isHalved = !isTotal && left < last.left - 1 && right > last.left + 1;
        if (isHalved && !isCovered) cut.push(`${text} halved`);
    }
    return cut;
}"""
TIMES = 137


@pytest.mark.parametrize(("lang", "times"), [("zh", 1), ("en", TIMES)])
def test_no_figure_of_the_table_is_cut(shared_site: Any, visit: Any, lang: str, times: int) -> None:
    document = summary(shared_site)
    for cell in document["cells"]:
        for name in ("wanted", "served", "unserved"):
            cell[name] *= times
    page = visit(shared_site, "/lists")
    answer_with(page, "**/summary*", document)
    page.goto(f"{shared_site.base}/today?lang={lang}")
    page.wait_for_selector(".board .ag-row-pinned [col-id=total]")
    until(page, f"() => ({CUT})().length === 0")
    page.locator(".board .ag-row-pinned [col-id=total]").click()
    page.keyboard.press("Space")
    page.wait_for_selector(".panel .need-list")
    until(page, f"() => ({CUT})().length === 0")
