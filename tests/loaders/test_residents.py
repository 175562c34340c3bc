"""Names of residents: dropped with the party that nobody knows, wherever their row repeats them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services.exports import export_store
from api.services.loads import load_paths
from graph.model import Area, Need
from graph.store import open_store
from loaders import Reading, read
from loaders.residents import hide, names_in

NAME = "甲某芳"
HEADER = "名称,提出方,类别,数量,对象,要求,转办,时段,区域,备注,谁反映"
ROW = (
    f"为{NAME}老人量血压,{NAME},医疗健康,2,{NAME}家,{NAME};轮椅,甲 某芳的儿子,{NAME}在家时"
    f",{NAME}小区,{NAME}住三楼,邻居说{NAME}"
)


def read_needs(tmp_path: Path, *rows: str) -> Reading:
    return read([write_needs(tmp_path, *rows)])


def write_needs(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "服务需求清单.csv"
    file.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return file


def one_need(reading: Reading) -> Need:
    [need] = (record for record in reading.records if isinstance(record, Need))
    return need


def test_no_cell_of_the_row_keeps_the_name(tmp_path: Path) -> None:
    reading = read_needs(tmp_path, ROW)
    need = one_need(reading)
    assert (need.title, need.group, need.referred_to) == ("为居民老人量血压", "居民家", "居民的儿子")
    assert need.tags == ("居民", "轮椅")
    assert dict(need.notes) == {"note": "居民住三楼", "times": "居民在家时", "谁反映": "邻居说居民"}
    assert [record.name for record in reading.records if isinstance(record, Area)] == ["居民小区"]
    assert NAME not in repr(reading).replace(" ", "")
    found = {(p.column, p.found) for p in reading.report.problems if p.problem == "party_repeated"}
    assert {("名称", ""), ("对象", ""), ("备注", "")} <= found
    assert all(p.severity == "warning" and p.row == 2 for p in reading.report.problems)


def test_problems_of_the_row_do_not_show_it_either(tmp_path: Path) -> None:
    rows = ROW.replace(",2,", f",{NAME}两三次,"), ROW.replace("医疗健康", f"{NAME}看病")
    reading = read_needs(tmp_path, *rows)
    assert reading.report.refused == 2
    for language in ("zh", "en"):
        assert NAME not in str(reading.report.as_json(language=language))  # type: ignore[arg-type]


def test_neither_store_nor_cache_nor_exports_hold_it(tmp_path: Path) -> None:
    file = tmp_path / "store" / "town.db"
    file.parent.mkdir()
    store = open_store(f"sqlite:///{file}")
    document = load_paths(store, [write_needs(tmp_path, ROW, ROW.replace("医疗健康", "便民维修"))])
    assert NAME not in str(document)
    store.snapshot()
    for number, format_ in enumerate(("csv", "xlsx", "json", "graphml")):
        export_store(store, tmp_path / "store" / f"out-{number}", format_)
    store.close()
    written = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert len(written) > 5
    for path in written:
        content = path.read_bytes()
        assert not [
            word
            for word in (NAME, "某芳")
            for code in ("utf-8", "utf-16-le", "gb18030")
            if word.encode(code) in content
        ]
        assert NAME.encode("unicode_escape") not in content


def test_the_id_follows_from_what_is_kept(tmp_path: Path) -> None:
    need = one_need(read_needs(tmp_path, ROW))
    other = one_need(read_needs(tmp_path, ROW.replace(NAME, "乙某兰").replace("甲 某芳", "乙某兰")))
    assert other.id == need.id
    store = open_store("memory:")
    load_paths(store, [write_needs(tmp_path, ROW)])
    export_store(store, tmp_path / "out", "csv")
    [again] = [record for record in read([tmp_path / "out"]).records if isinstance(record, Need)]
    assert again.id == need.id


@pytest.mark.parametrize(
    ("party", "title", "kept"),
    [
        (f"{NAME}（独居）", f"为{NAME}修灯", "为居民修灯"),
        (f"独居老人{NAME}", f"为{NAME}修灯", "为居民修灯"),
        (f"{NAME}、乙某兰", f"{NAME}和乙某兰家修灯", "居民和居民家修灯"),
        ("独居老人", "为独居老人修灯", "为独居老人修灯"),
        ("Ann Li", "visits for ann li", "visits for 居民"),
        ("Li", "cleaning for Li", "cleaning for 居民"),
        ("甲", "甲组修灯", "甲组修灯"),
    ],
)
def test_parts_and_general_words(tmp_path: Path, party: str, title: str, kept: str) -> None:
    assert one_need(read_needs(tmp_path, f"{title},{party},便民维修,1")).title == kept


def test_a_known_party_stays_in_every_cell(tmp_path: Path) -> None:
    units = tmp_path / "单位.csv"
    with units.open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink).writerows([["名称"], ["示例小学"]])
    needs = write_needs(
        tmp_path, "示例小学修灯,示例小学,便民维修,1", "示例小学的事,示例小学 甲某芳,便民维修,1"
    )
    titles = [record.title for record in read([units, needs]).records if isinstance(record, Need)]
    assert titles == ["示例小学修灯", "示例小学的事"]


@given(st.text(alphabet="甲某芳兰 A", min_size=2, max_size=8), st.text(alphabet="为修灯甲某芳 ", max_size=12))
def test_nothing_hidden_is_found_again(text: str, around: str) -> None:
    names = names_in(text, lambda _: False)
    hidden = hide(around + text + around, names)
    if text in names and not text.isascii():
        assert text not in hidden
