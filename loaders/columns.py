"""The columns that each list may have: their names and headers in the word table, and how cells are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph import taxonomy
from graph.codec import LIST_NAMES
from graph.model import PARTY_TABLES
from loaders.counts import fold

_PLACE: Final = "lon lat crs precision"
_DATES: Final = "valid_from valid_to"
_SPECS: Final[Mapping[str, str]] = {
    "areas": f"id name! level parent {_PLACE} population over60 {_DATES} draft outline",
    "units": f"id name! kind code area {_PLACE} capacity max_claims liaison {_DATES} draft",
    "branches": f"id name! parent units area members coverage {_DATES}",
    "alliances": f"id name! parent kind stage area chair {_DATES}",
    "members": f"id alliance! party! role {_DATES}",
    "stations": f"id name! party area {_PLACE} reach_m reach_areas {_DATES}",
    "categories": f"list_category! category! {_DATES}",
    "aliases": f"id kind! written! meaning! {_DATES}",
    "offers": (
        f"id title unit! category! list_category capacity per mode reach_m reach_areas {_PLACE} tags"
        f" min_people max_people times measure status {_DATES}"
    ),
    "needs": (
        f"id title party category! list_category quantity priority group people area {_PLACE} tags times"
        f" measure whole referred_to status {_DATES}"
    ),
    "projects": f"id name! category list_category area {_PLACE} wanted priority status {_DATES}",
    "pairings": f"id parties! kind via amount_yuan {_DATES}",
    "claims": f"id target! target_table by! offer quantity status why via liaison {_DATES}",
    "services": (
        f"id claim unit area body from to activities services served_person_times volunteer_person_times"
        f" hours approx {_DATES}"
    ),
    "duties": f"id body! party! kind {_DATES}",
    "posts": f"id title party area {_PLACE} places {_DATES}",
    "registrations": f"id area! members approx {_DATES}",
    "bookings": f"id offer! by! times {_DATES}",
    "lists": f"id name! area alliance categories items approx {_DATES}",
}
LISTS: Final = tuple(_SPECS)
"""Tables that lists may bring."""

_READERS: Final[Mapping[str, str]] = {
    "id": "id", "code": "code", "parent": "reference", "area": "reference", "unit": "reference",
    "party": "reference", "alliance": "reference", "chair": "reference", "target": "reference",
    "by": "reference",
    "offer": "reference", "claim": "reference", "body": "reference", "units": "references",
    "parties": "references", "reach_areas": "references", "tags": "tags", "lon": "degrees", "lat": "degrees",
    "crs": "crs", "precision": "precision", "level": "level", "stage": "stage", "coverage": "coverage",
    "category": "category", "priority": "priority", "per": "per", "mode": "mode", "measure": "measure",
    "times": "times", "reach_m": "reach", "amount_yuan": "amount", "hours": "amount", "whole": "yes_no",
    "draft": "yes_no", "valid_from": "date", "valid_to": "end_date", "from": "date", "to": "end_date",
    "quantity": "quantity", "wanted": "quantity", "people": "quantity", "max_people": "quantity",
    "capacity": "capacity", "max_claims": "capacity", "min_people": "capacity", "population": "capacity",
    "over60": "capacity", "members": "capacity", "activities": "capacity", "services": "capacity",
    "served_person_times": "capacity", "volunteer_person_times": "capacity", "places": "capacity",
    "categories": "capacity", "items": "capacity",
}  # fmt: skip
_OWN_READERS: Final[Mapping[tuple[str, str], str]] = {
    ("aliases", "kind"): "alias_kind",
    ("claims", "status"): "claim_status",
    ("needs", "status"): "need_status",
    ("projects", "status"): "need_status",
    ("offers", "status"): "offer_status",
}
_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("areas",),
    "reach_areas": ("areas",),
    "units": ("units",),
    "alliance": ("alliances",),
    "target": ("needs", "projects", "offers"),
    "offer": ("offers",),
    "claim": ("claims",),
}
_FIELDS: Final = {listed: name for name, listed in LIST_NAMES.items()}

# Headers that mean one thing in one list and another in the next; the word table can't say so.
_OWN_HEADERS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("areas", "name"): ("区域", "居民区", "街道", "社区", "地区"),
    ("areas", "level"): ("类型", "类别"),
    ("areas", "parent"): ("所属街道", "街镇", "所属区域"),
    ("units", "name"): ("单位", "成员单位", "驻区单位", "企业名称", "机构名称"),
    ("units", "kind"): ("类别", "行业"),
    ("branches", "name"): ("支部", "党支部", "党组织"),
    ("alliances", "name"): ("联盟",),
    ("stations", "name"): ("站点", "服务站"),
    ("stations", "party"): ("单位", "所属单位", "依托单位"),
    ("offers", "title"): ("name", "资源", "项目", "服务项目", "项目名称", "资源项目"),
    ("offers", "capacity"): ("次数", "可提供次数", "服务次数", "名额"),
    ("offers", "tags"): ("要求", "能力"),
    ("offers", "unit"): ("提供者", "资源方", "供给方"),
    ("needs", "title"): ("需求", "心愿", "项目", "服务项目", "需求项目", "事项"),
    ("needs", "party"): ("申请人", "提出人", "需求单位"),
    ("projects", "name"): ("项目", "项目内容", "内容"),
    ("projects", "wanted"): ("数量", "单位数"),
    ("claims", "target"): ("项目名称", "需求名称", "认领项目或需求"),
    ("pairings", "parties"): ("单位", "结对方", "结对双方"),
    ("services", "body"): ("组织",),
}
_PERSONAL: Final = re.compile(
    r"姓名|受助人|求助人|反映人|诉求人|登记人|监护人|家属|居民$|联系|联络|电话|手机|身份证|证件|住址|地址|门牌|微信|邮箱|qq|户主|出生|phone|mobile|tel(?:$|ephone)|e?mail|address"
    r"|contact|^name$|resident|applicant|idcard|idnumber|birth|wechat|fullname"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a list may have: its contract name, the record's field, how its cells are read."""

    name: str
    field: str
    reader: str
    is_required: bool = False
    tables: tuple[str, ...] = ()

    def label(self) -> str:
        """The Chinese header."""
        return str(taxonomy.words()["columns"].get(self.name, {"zh": self.name})["zh"])


@cache
def table_columns(table: str) -> Mapping[str, Column]:
    """Columns of a table by their contract names."""
    columns = {}
    for word in _SPECS[table].split():
        name = word.removesuffix("!")
        reader = _OWN_READERS.get((table, name), _READERS.get(name, "text"))
        tables: tuple[str, ...] = ()
        if reader in ("reference", "references"):
            tables = (table,) if name == "parent" else _TARGETS.get(name, PARTY_TABLES)
        columns[name] = Column(name, _FIELDS.get(name, name), reader, word.endswith("!"), tables)
    columns["source"] = Column("source", "source", "text")
    return columns


def normal_header(text: str) -> str:
    """A header for comparing: no case, blanks, underscores, required marks or bracketed units."""
    return re.sub(r"[_*:\-]|\(.*?\)|\[.*?\]", "", fold(text))


@cache
def header_words(table: str) -> Mapping[str, tuple[int, str]]:
    """Every normal header of a table -> how sure it is (0 best) and the column's name."""
    words = taxonomy.words()["columns"]
    found: dict[str, tuple[int, str]] = {}
    for name in table_columns(table):
        entry = words.get(name, {"zh": name, "en": name})
        ranked = [(0, name), (0, entry["zh"]), (0, entry["en"])]
        ranked += [(1, own) for own in _OWN_HEADERS.get((table, name), ())]
        ranked += [(2, alias) for alias in entry.get("aliases", ())]
        for rank, word in ranked:
            key = normal_header(word)
            if key and (key not in found or rank < found[key][0]):
                found[key] = (rank, name)
    return found


@cache
def _note_words() -> Mapping[str, str]:
    words = {}
    for name in ("serial", "note"):
        entry = taxonomy.words()["columns"][name]
        for word in (name, entry["zh"], entry["en"], *entry.get("aliases", ())):
            words[normal_header(word)] = name
    return words


KNOWN_NOTES: Final = frozenset(_note_words())
"""Normal headers of 序号 and 备注, which are notes and nothing else."""


def note_name(title: str) -> str:
    """The name under which a further column is kept: `serial` and `note`, else its header."""
    return _note_words().get(normal_header(title), " ".join(title.split()))


def is_personal(table: str, title: str) -> bool:
    """Whether a further column of the needs may name, or tell how to reach, a resident."""
    return table == "needs" and _PERSONAL.search(normal_header(title)) is not None
