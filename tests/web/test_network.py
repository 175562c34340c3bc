"""The network: picture and table show the same, either selects, and the table alone suffices."""

from __future__ import annotations

import pytest

from graph.measures.words import measure_words, name_of
from graph.model import Pairing, Unit
from graph.store import Batch, open_store
from tests.web.support import WIDER, answer_with, ask, intercept, numbers, settling, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

READY = "document.querySelector('.map-box')?.dataset.state === 'ready'"
ROWS = ".network-table .ag-grid-scrolling-rows .ag-row"
# The table holds few rows, and one of them is of this party.
FOUND = f"""(name) => {{
    const rows = [...document.querySelectorAll("{ROWS}")];
    return rows.length < 20 && rows.some((row) => row.querySelector(".ag-cell")?.innerText === name);
}}"""
KM = 1 / 95  # of longitude
# Three places far from each other with two units each; one list of a pairing goes on.
APART = [
    *(
        Unit(id=f"{name}{at}", name=f"{name}{at}号", area=name, lon=121.4 + far * KM, lat=31.2 + at * KM / 2)
        for far, name in ((0, "东"), (9, "中"), (18, "西"))
        for at in range(2)
    ),
    *(Pairing(id=f"p{name}", parties=(f"{name}0", f"{name}1")) for name in "东中西"),
    Pairing(id="p", parties=("东1", "中1"), notes=(("incomplete", "等多家"),)),
]


@pytest.fixture
def site_apart(empty_site):
    store = open_store(empty_site.store_url)
    store.write(Batch(put=tuple(APART)))
    store.close()
    return empty_site


def test_the_table_alone_suffices(shared_site, visit):
    document = ask(shared_site, "/v1/network/picture?kind=multilayer")
    degree = {row["id"]: row for row in ask(shared_site, "/v1/network?measure=degree&kind=multilayer")}
    page = visit(shared_site, "/network?ties=multilayer&colour=alliance")
    page.wait_for_selector(ROWS)
    assert "WebGL" in page.locator(".map-missing").inner_text()
    best = max(degree.values(), key=lambda row: row["value"])
    top = page.locator(f"{ROWS}[row-index='0']")
    top.filter(has_text=best["name"]).wait_for()
    first = top.locator(".ag-cell").all_inner_texts()
    assert first[:2] == [best["name"], str(best["value"])]
    parties = document["parties"]
    row = next(at for at, party in enumerate(parties) if party["id"] == best["id"])
    tied = {parties[sum(tie[:2]) - row]["name"] for tie in document["ties"] if row in tie[:2]}
    assert {name.split("×")[0] for name in first[3].split("；")} == tied
    day = "2023-06-30"
    on_day = ask(shared_site, f"/v1/network/picture?kind=multilayer&as_of={day}")
    assert on_day["ties_total"] != document["ties_total"]
    with settling(page):
        page.get_by_label("哪一天").fill(day)
    assert numbers(page.locator(".network-sentence").inner_text())[1] == on_day["ties_total"]
    with settling(page):
        page.get_by_label("哪一天").fill("")
    assert numbers(page.locator(".network-sentence").inner_text())[1] == document["ties_total"]
    page.get_by_label("在表里找").fill(parties[0]["name"])
    until(page, FOUND, parties[0]["name"])


def test_a_party_tells_its_ties_and_what_breaks_without_it(shared_site, visit):
    page = visit(shared_site, "/network")
    page.wait_for_selector(ROWS)
    breaking = ask(shared_site, "/v1/network?measure=articulation")[0]
    page.locator(ROWS, has_text=breaking["name"]).first.locator(".ag-cell").first.click()
    page.wait_for_selector(".network-party .network-breaks li")
    assert "sel=" in page.url
    panel = page.locator(".panel")
    assert panel.locator("h2").first.inner_text() == breaking["name"]
    assert f"多断成{breaking['value']}份" in panel.inner_text()
    assert panel.locator(".partners button").count() == 1
    page.wait_for_selector(".network-party .note:has-text('换次抽样')")
    page.get_by_role("button", name="整体怎样").click()
    page.wait_for_selector(".network-whole tbody tr")
    rows = page.locator(".network-whole tbody tr").all_inner_texts()
    ei = ask(shared_site, "/v1/network?measure=ei&by=kind")
    assert f"{ei['value']:.3f}".rstrip("0") in next(row for row in rows if "种类" in row)
    inward = min(
        ask(shared_site, "/v1/network?measure=ei")["groups"], key=lambda one: (one["as_inward"], one["value"])
    )
    assert inward["name"] in next(row for row in rows if "区域" in row).split("：")[-1]
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    page.locator(ROWS, has_text=breaking["name"]).first.locator(".ag-cell").first.click()
    page.wait_for_selector(".network-party .network-breaks li")
    other = panel.locator(".plain-list button").first
    name = other.inner_text()
    other.click()
    page.wait_for_selector(f".panel h2:has-text('{name}')")


def test_a_unit_far_down_the_list_of_losses_tells_its_own_too(shared_site, visit):
    losses = ask(shared_site, "/v1/beside?limit=1000")["if_one_leaves"]
    assert len(losses) > 10
    drawn = {
        party["id"]: party["name"]
        for party in ask(shared_site, "/v1/network/picture?kind=multilayer")["parties"]
    }
    last = next(loss for loss in losses[:9:-1] if loss["unit"] in drawn)
    page = visit(shared_site, "/network?ties=multilayer")
    page.wait_for_selector(ROWS)
    page.get_by_label("在表里找").fill(drawn[last["unit"]])
    page.locator(f"{ROWS} .ag-cell:first-child").get_by_text(drawn[last["unit"]], exact=True).click()
    page.wait_for_selector(".network-party .network-breaks li:has-text('没有别家能接的')")
    said = page.locator(".network-breaks li", has_text="没有别家能接的").inner_text()
    assert numbers(said) == [last["places"]]


def test_the_picture_is_walked_by_arrows(shared_site, visit):
    page = visit(shared_site, "/network?ties=multilayer&lang=en", has_map=True)
    until(page, READY)
    page.locator(".network-sheet").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**sel=**")
    before = page.url
    page.keyboard.press("ArrowLeft")
    until(page, "(before) => location.href !== before", before)
    page.keyboard.press("Enter")
    page.wait_for_selector(".network-party")
    chosen = page.locator(".panel h2").first.inner_text()
    page.locator(".network-table [role=status]", has_text=chosen).wait_for()
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    assert page.evaluate("document.activeElement.classList.contains('network-sheet')")


def test_ties_that_no_list_has_are_told_of(shared_site, empty_site, visit):
    page = visit(empty_site, "/network")
    page.get_by_role("button", name="载入清单").wait_for()
    document = ask(shared_site, "/v1/network/picture?kind=services")
    answer_with(page, "**/picture?kind=services", document | {"ties": [], "ties_total": 0})
    page = visit(shared_site, "/network?ties=services", size="phone")
    page.wait_for_selector(".network-page .state-empty")
    with settling(page):
        page.locator(".network-choices select").first.select_option("pairings")
    page.wait_for_selector(".network-table .touch-list button")
    assert page.evaluate(WIDER) <= 0
    page.locator(".network-table .touch-list button").first.click()
    page.wait_for_selector(".panel .network-party")
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize(("lang", "size"), [("zh", "desk"), ("en", "phone")])
def test_networks_of_other_ties_say_what_they_mean(shared_site, visit, lang, size):
    page = visit(shared_site, f"/network?lang={lang}", size=size)
    for kind in ("agreements", "complement", "tree"):
        document = ask(shared_site, f"/v1/network/picture?kind={kind}")
        with settling(page):
            page.locator(".network-choices select").first.select_option(kind)
        assert page.locator("[data-ties]").inner_text() == document[f"ties_{lang}"]
        names = page.locator(".network-choices select").nth(2).locator("option").all_inner_texts()
        assert name_of("degree", kind)[lang] in names
        assert name_of("degree", "pairings")[lang] not in names
        told = numbers(page.locator(".network-sentence").inner_text())
        pairings = sum(party["table"] == "pairings" for party in document["parties"])
        counts = [len(document["parties"]) - pairings, *([pairings] if kind == "agreements" else [])]
        assert told[: len(counts) + 1] == [*counts, document["ties_total"]]
        assert page.evaluate(WIDER) <= 0
        assert page.locator(".network-table").count() == int(document["ties_total"] > 0)
        if kind != "complement":
            continue
        page.locator(
            ".network-table .touch-list button" if size == "phone" else f"{ROWS} .ag-cell"
        ).first.click()
        page.wait_for_selector(".network-party .network-breaks li")
        page.keyboard.press("Escape")
        page.wait_for_selector(".panel", state="detached")
        measures = page.locator(".network-choices select").nth(2).locator("option").all()
        offered = {option.get_attribute("value") for option in measures}
        assert "degree" in offered
        assert not offered & {"betweenness", "articulation"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_groups_are_proposed_beside_todays(shared_site, visit, lang):
    document = ask(shared_site, "/v1/group?into=3")
    page = visit(shared_site, f"/network?ties=multilayer&lang={lang}&into=3")
    with settling(page):
        page.locator(".network-choices select").nth(1).select_option("group")
    told = page.locator(".network-groups [role=status]")
    told.wait_for()
    fresh = [move for move in document["moves"] if move["from"] is None]
    sizes = min(document["sizes"]), max(document["sizes"])
    assert numbers(told.inner_text()) == [3, *sizes, len(document["moves"]) - len(fresh), len(fresh)]
    move = next(move for move in document["moves"] if move["from"] is not None)
    page.locator(".network-find input").fill(move["name"])
    until(page, FOUND, move["name"])
    rows = page.locator(ROWS).all()
    found = {cells[0]: cells for cells in (row.locator(".ag-cell").all_inner_texts() for row in rows)}
    assert str(move["to"]) in found[move["name"]][2]
    assert move["from_name"] in found[move["name"]][3]
    told.get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .small-table")
    names = page.locator(".panel .plain-list li").all_inner_texts()
    assert len(names) == sum(document["sizes"])
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    with settling(page):
        page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(WIDER) <= 0
    assert ask(shared_site, "/v1/state")["revision"] == 1


@pytest.mark.parametrize(
    ("lang", "size", "opener"), [("zh", "desk", "轮值和新结对"), ("en", "phone", "Turns and new pairings")]
)
def test_turns_and_pairings_for_all_are_worked_out_on_asking(shared_site, visit, lang, size, opener):
    say = "text" if lang == "zh" else "text_en"
    page = visit(shared_site, f"/network?lang={lang}", size=size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name=opener).click()
    for fold in ("rota", "pairs"):
        page.locator(f"[data-fold={fold}] > summary").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"[data-fold={fold}][open] form button")
    assert not asked
    rota = page.locator("[data-fold=rota]")
    rota.locator("select").nth(1).select_option("quarter")
    rota.locator("form button").first.click()
    page.wait_for_selector("[data-table=turns] tbody tr")
    document = ask(shared_site, "/v1/rota?every=quarter")
    turns = [row.split("\t") for row in rota.locator("[data-table=turns] tbody tr").all_inner_texts()]
    assert [row[1] for row in turns] == [turn["name"] for turn in document["turns"]]
    assert all(turn["from"] in row[0] for row, turn in zip(turns, document["turns"], strict=True))
    shares = rota.locator("[data-table=shares] tbody th").all_inner_texts()
    assert shares == [load["name"] for load in document["load"]]
    assert page.evaluate(WIDER) <= 0
    away = rota.locator("[data-fold=away]")
    away.locator("summary").click()
    away.locator("select").select_option(document["turns"][0]["party"])
    for name, day in (("from", document["turns"][0]["from"]), ("to", document["turns"][0]["to"])):
        away.locator(f"[name={name}]").fill(day)
    away.locator("form button").click()
    rota.locator("form button").first.click()
    first = "[data-table=turns] tbody tr:first-child td"
    until(
        page, f"(name) => document.querySelector('{first}').innerText !== name", document["turns"][0]["name"]
    )
    rota.locator("select").nth(2).select_option("1")
    rota.locator("[name=by_area]").check()
    away.locator("li button").click()
    rota.locator("form button").first.click()
    page.wait_for_selector(".network-impossible li")
    impossible = ask(shared_site, "/v1/rota?every=quarter&gap=1&by_area=true")
    told = page.locator(".network-impossible li").all_inner_texts()
    assert told == [rule[say] for rule in impossible["conflict"]["rules"]]
    assert page.locator("[data-table=turns]").count() == 0
    pairs = page.locator("[data-fold=pairs]")
    intercept(page, "**/v1/pair?**", lambda route: None)
    pairs.locator("form button").click()
    pairs.locator(".network-progress button").click()
    page.wait_for_selector(".network-progress", state="detached")
    page.unroute("**/v1/pair?**")
    pairs.locator("form button").click()
    page.wait_for_selector("[data-table=pairs] tbody tr")
    proposal = ask(shared_site, "/v1/pair?most=1")
    rows = pairs.locator("[data-table=pairs] tbody tr").all_inner_texts()
    assert len(rows) == len(proposal["pairs"])
    for row, pair in zip(rows, proposal["pairs"], strict=True):
        assert all(name in row for name in pair["names"])
        assert pair["reasons"][0][say] in row
    assert numbers(pairs.locator("[role=status]").inner_text())[-1] == proposal["gain_places"]
    assert page.evaluate(WIDER) <= 0
    assert ask(shared_site, "/v1/state")["revision"] == 1


@pytest.mark.parametrize(
    ("lang", "size", "opener"), [("zh", "desk", "整体怎样"), ("en", "phone", "The whole")]
)
def test_what_lists_leave_open_is_shown_for_all_and_for_each(site_apart, visit, lang, size, opener):
    page = visit(site_apart, f"/network?lang={lang}&measure=bridges", size=size)
    row = max(ask(site_apart, "/v1/network?measure=bridges"), key=lambda one: one["to"] - one["from"])
    assert row["from"] < row["to"]
    where, name = (".network-table .touch-list li", "span") if size == "phone" else (ROWS, ".ag-cell")
    shown = page.locator(where).filter(has=page.locator(f"{name}:first-child", has_text=row["name"]))
    shown.wait_for()
    assert f"{row['from']}–{row['to']}" in shown.inner_text()
    further = measure_words()["unsure"]["further"][lang]
    assert page.locator("[data-open]").all_inner_texts() == [further]
    assert page.evaluate(WIDER) <= 0
    page.get_by_role("button", name=opener).click()
    page.wait_for_selector(".network-whole tbody tr")
    whole = ask(site_apart, "/v1/network?measure=components")
    told = page.locator(".network-whole tbody tr", has_text=name_of("components", "pairings")[lang])
    between = ("{}到{}" if lang == "zh" else "{} to {}").format(whole["from"], whole["to"])
    assert whole["from"] < whole["to"]
    assert between in told.first.inner_text()
    assert page.locator(".network-party [data-open]").all_inner_texts() == [further]
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_groups_that_cannot_hang_together_say_why(site_apart, visit, lang):
    document = ask(site_apart, "/v1/group?into=2")
    assert [reason["reason"] for reason in document["reasons"]] == ["apart"]
    page = visit(site_apart, f"/network?lang={lang}&colour=group&into=2", size="phone")
    why = document["reasons"][0]["text" if lang == "zh" else "text_en"]
    page.wait_for_selector(".network-groups [data-reason=apart]")
    assert page.locator(".network-groups [data-reason]").all_inner_texts() == [why]
    page.locator(".network-groups [role=status] button").click()
    page.wait_for_selector(".panel .small-table")
    assert page.locator(".panel [data-reason]").all_inner_texts() == [why]
    assert page.evaluate(WIDER) <= 0
