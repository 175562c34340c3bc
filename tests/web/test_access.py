"""Access on the page of gaps: by the round's measure first, by any other that is chosen."""

from __future__ import annotations

import re

import pytest

from tests.web.support import ask

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_access_is_shown_by_the_measure_chosen(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".equity summary")
    page.locator(".equity summary").click()
    rows = page.locator(".equity table").last.locator("tbody tr")
    for measure in ("2SFCA", "E2SFCA", "RAAM"):
        page.locator(".equity select").select_option(measure)
        asked = ask(shared_site, f"/v1/access?measure={measure}&needs=false")
        worst = f"{asked['evenness']['worst']['access']:.2f}".rstrip("0").rstrip(".")
        page.wait_for_function(
            "worst => document.querySelector('.equity')?.innerText.includes(worst)", arg=worst, timeout=60_000
        )
        assert rows.count() == len(asked["by_category"])
        unknown = sum(row["access"] is None for row in asked["by_category"])
        assert rows.filter(has_text="—").count() == unknown > 0
        column = [text for text in rows.locator("td:nth-child(2)").all_inner_texts() if text != "—"]
        told = [row["access"] for row in asked["by_category"] if row["access"] is not None]
        assert all(re.fullmatch(r"[\d,]+\.\d\d", text) for text in column)
        assert [float(text.replace(",", "")) for text in column] == pytest.approx(told, abs=0.0051)
        text = page.locator(".equity").inner_text()
        assert ("Wardrop" in text) == (measure == "RAAM")
        assert ("33%" in text) == (measure == "E2SFCA")
