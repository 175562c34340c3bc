"""Errors as problem details: each kind has its type and status, and tells no more than it should."""

from __future__ import annotations

import re

import pytest

from api.problems import (
    KINDS,
    TYPE_PREFIX,
    DoorError,
    Language,
    code_of,
    describe,
    read,
    read_language,
    record,
    status_of,
)  # fmt: skip
from api.services.errors import BadChangeError, NoRoundError, NothingReadError
from graph import errors


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (errors.NotFoundError("x"), "not-found", 404),
        (errors.AmbiguousError("x"), "ambiguous", 422),
        (errors.TransitionError("x"), "transition", 409),
        (errors.CapacityError("x"), "capacity", 409),
        (errors.ConflictError("x"), "conflict", 409),
        (errors.StoreError("x"), "store", 503),
        (errors.StoreUrlError("x"), "store-url", 400),
        (errors.LinliError("x"), "invalid", 422),
        (NoRoundError("x"), "no-round", 404),
        (NothingReadError("x"), "nothing-read", 422),
        (BadChangeError("x"), "bad-change", 422),
        (DoorError("busy"), "busy", 503),
        (RuntimeError("x"), "failed", 500),
        (ValueError("x"), "failed", 500),
    ],
)
def test_each_error_has_its_kind(error: Exception, code: str, status: int) -> None:
    assert (code_of(error), status_of(error)) == (code, status)
    document = describe(error, instance="/v1/x", language="en")
    assert document["type"] == TYPE_PREFIX + code
    assert document["status"] == status
    assert document["title"] == KINDS[code].en
    assert document["instance"] == "/v1/x"


def test_every_error_of_the_graph_is_foreseen() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert len(kinds) >= 8
    assert all(code_of(kind("x")) != "failed" for kind in kinds)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", KINDS)
def test_every_refusal_has_a_remedy_and_its_detail_in_both_languages(code: str, language: Language) -> None:
    document = describe(DoorError(code), language=language)
    assert document["remedy"]
    assert document["title"].isascii() == document["detail"].isascii() == (language == "en")
    assert document["detail_en"].isascii()
    assert not document["detail_zh"].isascii()


def test_an_unforeseen_error_tells_nothing_of_itself() -> None:
    document = describe(RuntimeError("王某某 13800000000"))
    assert "王某某" not in str(document)
    assert document["remedy"]


def test_an_error_brings_its_remedy_and_details() -> None:
    error = NothingReadError("none could be read", remedy="Look again.", problems=[{"row": 3}])
    document = describe(error, language="en")
    assert document["detail"] == "none could be read"
    assert document["remedy"] == "Look again."
    assert document["problems"] == [{"row": 3}]


@pytest.mark.parametrize("code", KINDS)
def test_titles_are_in_both_languages(code: str) -> None:
    assert KINDS[code].zh != KINDS[code].en
    assert 400 <= KINDS[code].status < 600
    assert bool(KINDS[code].remedy_zh) == bool(KINDS[code].remedy_en)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en", "en"),
        ("EN", "en"),
        ("fr", "zh"),
    ],
)
def test_chinese_unless_english_is_asked_for(header: str | None, language: str) -> None:
    assert read_language(header) == language


@pytest.mark.parametrize("path", ["/v1/units/nothing", "/v1/units?cursor=%21", "/v1/colours"])
def test_a_problem_speaks_one_language(reading, path: str) -> None:
    chinese = reading.client.get(path).json()
    english = reading.client.get(path, headers={"Accept-Language": "en"}).json()
    assert {re.search("[一-鿿]", chinese[name]) is None for name in ("title", "detail", "remedy")} == {False}
    assert {re.search("[一-鿿]", english[name]) is None for name in ("title", "detail", "remedy")} == {True}
    assert english["detail"] == chinese["detail_en"]


def test_a_refusal_over_http_follows_the_language(reading) -> None:
    path = "/v1/units/nothing"
    chinese = reading.client.get(path)
    english = reading.client.get(path, headers={"Accept-Language": "en"})
    assert chinese.status_code == english.status_code == 404
    assert chinese.json()["title"] == "没有这一项"
    assert english.json()["title"] == "There is no such thing"
    assert english.json()["instance"] == path


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/v1/nothing", None, 404, "not-found"),
        ("GET", "/v1/units?limit=0", None, 422, "invalid"),
        ("GET", "/v1/units?limit=1001", None, 422, "invalid"),
        ("GET", "/v1/units?cursor=%21%21", None, 422, "invalid"),
        ("GET", "/v1/units?cursor=MQ", None, 422, "invalid"),
        ("GET", "/v1/units?status=open", None, 422, "invalid"),
        ("PUT", "/v1/units/x", "{}", 405, "method"),
        ("POST", "/v1/search", "{", 400, "bad-request"),
        ("POST", "/v1/search", "{}", 422, "invalid"),
        ("POST", "/v1/search", '{"text": "a", "more": 1}', 422, "invalid"),
        ("POST", "/v1/rounds", '{"from": "2026-13-01"}', 422, "invalid"),
        ("POST", "/v1/rounds", '{"from": "2027-01-01", "to": "2026-01-01"}', 422, "invalid"),
        ("GET", "/v1/rounds/nothing", None, 404, "no-round"),
        ("GET", "/v1/gaps?round=nothing", None, 404, "no-round"),
        ("GET", "/v1/exports/docx", None, 404, "not-found"),
        ("GET", "/v1/rounds/current/rows?sort=colour", None, 422, "invalid"),
        ("GET", "/v1/rounds/current/rows?reason=colour", None, 422, "invalid"),
        ("GET", "/v1/rounds/current/summary?area=nowhere", None, 422, "invalid"),
        ("GET", "/v1/rounds/current/summary?priority=9", None, 422, "invalid"),
        ("GET", "/v1/jobs/nothing", None, 404, "not-found"),
        ("GET", "/v1/jobs/nothing/events", None, 404, "not-found"),
        ("GET", "/v1/loads/nothing", None, 404, "not-found"),
        ("GET", "/v1/explain/nothing", None, 404, "not-found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    reading, method: str, path: str, body: str | None, status: int, code: str
) -> None:
    answer = reading.client.request(method, path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["type"] == TYPE_PREFIX + code
    assert document["status"] == status
    assert document["title"]
    assert document["instance"] == path.partition("?")[0]


def test_what_was_typed_is_not_repeated(reading) -> None:
    answer = reading.client.post("/v1/search", json={"text": "王某某", "limit": "王某某"})
    assert answer.status_code == 422
    assert "王某某" not in answer.text
    assert answer.json()["errors"][0]["where"] == ["body", "limit"]


def test_without_a_round_the_remedy_says_how_to_make_one(serve) -> None:
    service = serve(is_empty=True)
    for path in ("/v1/match", "/v1/assignments", "/v1/gaps", "/v1/rounds/current", "/v1/claim-sheets"):
        answer = service.client.get(path)
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:linli:problem:no-round"
        assert answer.json()["remedy"]


def test_a_detail_has_its_chinese_where_somebody_wrote_it() -> None:
    told = errors.CapacityError("2 left", remedy="Ask for 2.", message_zh="只剩2", remedy_zh="至多填2。")
    for language, remedy in (("zh", "至多填2。"), ("en", "Ask for 2.")):
        document = describe(told, language=language)  # type: ignore[arg-type]
        assert (document["detail_en"], document["detail_zh"], document["remedy"]) == (
            "2 left",
            "只剩2",
            remedy,
        )
        assert document["detail"] == document[f"detail_{language}"]
    assert describe(errors.StoreError("x"), language="en")["detail_zh"] == KINDS["store"].zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_recorded_problem_is_read_in_either_language(language: Language) -> None:
    error = NothingReadError(
        "none", remedy="Look again.", message_zh="没有", remedy_zh="再看一次。", problems=[{"row": 3}]
    )
    assert read(record(error), language) == describe(error, language=language)


def test_problems_recorded_in_chinese_alone_are_still_read() -> None:
    kept = describe(errors.CapacityError("2 left", message_zh="只剩2", remedy_zh="至多填2。"))
    assert read(kept, "zh") == kept
    english = read(kept, "en")
    assert (english["title"], english["detail"]) == (KINDS["capacity"].en, "2 left")
    assert english["remedy"] == KINDS["capacity"].remedy_en
    older = {name: kept[name] for name in ("type", "title", "status", "detail", "remedy")}
    assert read(older, "en")["detail"] == "只剩2"
