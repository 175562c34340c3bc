"""Shapes of lists that wait to be loaded: their report, cells put right, and what is said of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.schemas import Body, Count, Shape
from graph.model import TABLES


class Loaded(Shape):
    """Lists that wait to be loaded, what was found in them, and what was said of them once and for all."""

    id: str
    status: Literal["checked"]
    report: dict[str, Any]
    said: list[dict[str, Any]]


class Saying(Body):
    """What a text in lists means: another word for a category, a heading (大类), another name of a record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"kind": "name", "written": "银杏苑", "meaning": "银杏"}},
    )
    kind: Literal["category", "heading", "name"]
    written: str = Field(min_length=1, max_length=300)
    meaning: str = Field(min_length=1, max_length=300)


class SaidList(Body):
    """Which table a list with these headers is, and what each of its columns is; null: a note."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "list",
                "headers": ["登记事项", "哪一类", "填表日期"],
                "table": "needs",
                "columns": ["title", "category", None],
            }
        },
    )
    kind: Literal["list"]
    headers: list[Annotated[str, Field(max_length=300)]] = Field(min_length=1, max_length=300)
    table: Annotated[str, Field(json_schema_extra={"enum": list(TABLES)})]
    columns: list[Annotated[str, Field(max_length=60)] | None] = Field(min_length=1, max_length=300)


Sayings = Annotated[list[Annotated[Saying | SaidList, Field(discriminator="kind")]], Field(max_length=500)]


class MendedCell(Body):
    """A cell put right on the page."""

    file: str = Field(max_length=300)
    sheet: str | None = Field(default=None, max_length=300)
    row: int = Field(ge=1, le=2_000_000)
    column: str = Field(max_length=300)
    value: str = Field(max_length=5_000)


class Confirm(Body):
    """Whether records of the lists brought that they no longer have are deleted."""

    replace: bool = False


class Confirmed(Shape):
    """What a load kept."""

    revision: Count
    kept: dict[str, Count]
    unchanged: dict[str, Count]
    drafts: dict[str, Count]
    refused: Count
    problems: list[dict[str, Any]]
