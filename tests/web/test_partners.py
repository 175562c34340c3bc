"""Whom to pair next, on the page of a party: what the document says, in either language."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web.support import ask, numbers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_partners_are_those_of_the_document(shared_site, visit, lang):
    area = next(row for row in ask(shared_site, "/v1/areas?limit=100")["items"] if row["name"] == "紫薇")
    rows = ask(shared_site, f"/v1/pair?for={quote(area['id'])}&top=5")
    page = visit(shared_site, f"/areas/{area['id']}?lang={lang}")
    page.wait_for_selector(".partners")
    assert page.locator(".partners table").count() == 0
    page.locator(".partners button").click()
    page.wait_for_selector(".partners tbody tr")
    shown = page.locator(".partners tbody tr")
    assert shown.count() == len(rows) == 5
    for at, row in enumerate(rows):
        cells = shown.nth(at)
        assert cells.locator("th").inner_text() == row["name"]
        assert numbers(cells.locator("td").first.inner_text()) == [row["gain_places"]]
        why = row["reasons"][0]["text" if lang == "zh" else "text_en"]
        assert why in cells.inner_text()
    shown.first.locator("a").click()
    page.wait_for_selector(f".record-head h1:has-text('{rows[0]['name']}')")


def test_what_is_no_party_has_no_partners(shared_site, visit):
    need = ask(shared_site, "/v1/needs?limit=1")["items"][0]
    page = visit(shared_site, f"/needs/{need['id']}")
    page.wait_for_selector(".record-page")
    assert page.locator(".partners").count() == 0
