"""Lists: dropped or pasted, checked, mended beside each fault, loaded, undone, exported."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.web.support import ask, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FAULTY = """名称,类别,数量,区域,优先级
修灯,便民维修,两三次,{area},一般
修窗,便民维修,2,{area},一般
护理床,养老助老,0,{area},紧急
修锁,缝缝补补,1,{area},一般
"""


def drop(page: Any, name: str, content: bytes) -> None:
    """Let a file fall on the page, wherever the pointer is."""
    page.evaluate(
        """([name, text]) => {
            const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], name));
            for (const kind of ["dragover", "drop"]) {
                const held = { dataTransfer: files, bubbles: true, cancelable: true };
                document.body.dispatchEvent(new DragEvent(kind, held));
            }
        }""",
        [name, base64.b64encode(content).decode()],
    )


def neighbourhood(site: Any) -> str:
    return next(
        area["name"] for area in ask(site, "/v1/areas?limit=500")["items"] if area["level"] == "neighbourhood"
    )


def drop_faulty(site: Any, page: Any) -> None:
    drop(page, "服务需求清单.csv", FAULTY.format(area=neighbourhood(site)).encode())
    page.wait_for_selector(".sheet")


def test_a_file_dropped_anywhere_is_checked_beside_each_cell_and_not_stored(own_site, visit):
    before = ask(own_site, "/v1/state")["revision"]
    page = visit(own_site, "/today")
    drop_faulty(own_site, page)
    assert "/lists/" in page.url
    assert "4行" in page.locator(".check-head").inner_text()
    assert ask(own_site, "/v1/state")["revision"] == before
    address = page.url
    page.reload()
    page.wait_for_selector(".sheet")
    assert page.url == address
    faulty = page.locator(".faulty.error")
    assert faulty.count() == 3
    assert faulty.locator("input").evaluate_all("(all) => all.map((one) => one.value)") == [
        "两三次",
        "0",
        "缝缝补补",
    ]
    assert page.locator(".faulty-row").first.locator(".row-number").inner_text() == "2"


def test_a_cell_is_mended_and_the_good_rows_loaded(own_site, visit):
    before = ask(own_site, "/v1/state")
    page = visit(own_site, "/lists")
    drop_faulty(own_site, page)
    page.locator(".faulty-row").first.get_by_role("button", name="填2").click()
    until(page, "document.querySelectorAll('.faulty.error').length === 2")
    field = page.locator(".faulty.error input").first
    field.fill("1")
    field.press("Enter")
    until(page, "document.querySelectorAll('.faulty.error').length === 1")
    page.get_by_role("button", name="载入3行").click()
    page.wait_for_selector(".stored")
    after = ask(own_site, "/v1/state")
    assert after["revision"] == before["revision"] + 1
    assert after["counts"]["needs"] == before["counts"]["needs"] + 3
    page.wait_for_selector(".history li")
    page.locator(".stored button", has_text="撤销").click()
    page.wait_for_selector(".stored", state="detached")
    assert ask(own_site, "/v1/state")["counts"]["needs"] == before["counts"]["needs"]


def test_a_check_is_discarded_without_trace(own_site, visit):
    before = ask(own_site, "/v1/state")["token"]
    page = visit(own_site, "/lists")
    drop_faulty(own_site, page)
    address = page.url
    page.get_by_role("button", name="放弃").click()
    page.wait_for_selector(".drop-zone")
    assert ask(own_site, "/v1/state")["token"] == before
    page.goto(address)
    page.wait_for_selector(".state-error")
    assert "再拖一次" in page.locator(".state-error").inner_text()


def test_cells_pasted_from_excel_count_as_a_list(own_site, visit):
    page = visit(own_site, "/today")
    text = FAULTY.format(area=neighbourhood(own_site)).replace(",", "\t")
    page.evaluate(
        """(text) => {
            const clip = new DataTransfer();
            clip.setData("text/plain", text);
            const pasted = { clipboardData: clip, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        text,
    )
    page.wait_for_selector(".sheet")
    assert "需求清单" in page.locator(".check-head").inner_text()


def test_the_office_workbook_shows_its_faults_beside_their_cells(
    empty_site, visit, workbook: Path, tmp_path: Path
):
    page = visit(empty_site, "/lists")
    drop(page, workbook.name, workbook.read_bytes())
    page.wait_for_selector(".sheet")
    errors = page.locator(".faulty.error").count()
    assert errors > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注版").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.locator(".check-head .primary").click()
    page.wait_for_selector(".stored")
    assert ask(empty_site, "/v1/state")["counts"]["needs"] > 100
    page.screenshot(path=tmp_path / "loaded.png")


def test_files_that_cannot_be_read_are_refused_with_a_remedy(empty_site, visit):
    page = visit(empty_site, "/lists")
    drop(page, "photo.xlsx", b"not a workbook")
    page.wait_for_selector(".state-error, .wide-problems")
    told = page.locator("main").inner_text()
    assert "打不开" in told or "读不" in told or "另存" in told


def test_lists_are_exported(shared_site, visit):
    page = visit(shared_site, "/lists")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename


def test_a_list_that_cannot_be_read_says_so_first(shared_site, visit, tmp_path):
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("foo,bar\n1,2\n", encoding="utf-8")
    page = visit(shared_site, "/lists")
    page.locator("input[type=file]").set_input_files(unknown)
    page.wait_for_selector(".check-head")
    assert page.locator("h1").inner_text() == "认不出这份表，请指明各列"
    assert page.locator(".check-head button.primary").count() == 0


STRANGE = """登记事项,哪一类,共来几回,联系电话
修灯,缝缝补补,2,13800000000
修窗,缝缝补补,3,13800000001
量血压,医疗健康,1,13800000002
"""


def test_columns_are_named_a_word_is_said_and_both_are_remembered(own_site, visit):
    before = ask(own_site, "/v1/state")
    page = visit(own_site, "/lists")
    drop(page, "登记.csv", STRANGE.encode())
    page.wait_for_selector(".unnamed")
    assert "13800000000" not in page.locator(".unnamed").inner_text()
    column = page.get_by_label("“哪一类”是哪一列")
    column.select_option("")
    page.get_by_text("还要指明：类别").wait_for()
    assert page.get_by_role("button", name="就这样读").is_disabled()
    column.select_option("category")
    page.get_by_role("button", name="就这样读").click()
    page.wait_for_selector(".sheet")
    assert page.locator(".faulty.error").count() == 2
    page.locator(".choose select").first.select_option("便民维修")
    page.get_by_role("button", name="以后照此").first.click()
    page.wait_for_selector(".said")
    assert "“缝缝补补”是“便民维修”" in page.locator(".said").inner_text()
    page.wait_for_selector(".faulty.error", state="detached")
    assert ask(own_site, "/v1/state")["revision"] == before["revision"]
    page.get_by_role("button", name="载入3行").click()
    page.wait_for_selector(".stored")
    drop(page, "下月.csv", STRANGE.replace("修", "换").encode())
    until(page, "document.querySelector('.check-head')?.innerText.includes('3行，都可以载入')")
    page.get_by_role("button", name="放弃").click()
    page.get_by_role("button", name="不再记住“缝缝补补”").click()
    page.get_by_role("button", name="不再记住“缝缝补补”").wait_for(state="detached")
    assert [alias["kind"] for alias in ask(own_site, "/v1/aliases")["items"]] == ["list"]


def test_a_phone_shows_the_first_bad_cell_and_its_choices(shared_site, visit):
    page = visit(shared_site, "/lists", size="phone")
    drop(page, "需求清单.csv", "名称,类别,优先级\n修灯,缝缝补补,很久以后\n".encode())
    page.wait_for_selector(".faulty.error")
    assert page.locator(".faulty.error").first.bounding_box()["y"] < 600
    assert not page.locator(".problem-groups").is_visible()
    page.locator(".choose select").first.select_option("便民维修")
    page.get_by_role("button", name="只改这一处").click()
    until(page, "document.querySelectorAll('.faulty.error').length === 1")
    until(page, "document.querySelector('.choose select')?.value === ''")
    page.locator(".choose select").select_option("较急")
    page.get_by_role("button", name="填上").click()
    page.get_by_role("button", name="载入1行").wait_for()
    assert page.locator(".faulty").count() == 0
    page.get_by_role("button", name="放弃").click()
    page.wait_for_selector(".drop-zone")
    drop(page, "通知.pdf", b"%PDF-1.7 and more")
    until(page, "document.querySelector('h1')?.innerText.includes('文件打不开')")
    assert "CSV" in page.locator(".wide-problems").inner_text()
