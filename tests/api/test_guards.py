"""Whom the service answers: foreign hosts and pages are turned away, and answers forbid much."""

from __future__ import annotations

import logging

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guards import check_request, is_own_host

MOST = 1000


def scope(method: str, *headers: tuple[str, str]) -> dict[str, object]:
    return {
        "type": "http",
        "scheme": "http",
        "method": method,
        "path": "/v1/undo",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
    }


OWN = ("Host", "127.0.0.1:8600")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "localhost", "LOCALHOST:8600", "[::1]", "[::1]:8600"]
)
def test_this_machine_is_answered(host: str) -> None:
    assert is_own_host(host)
    assert check_request(scope("GET", ("Host", host)), MOST) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.org",
        "example.org:8600",
        "127.0.0.1.example.org",
        "localhost.example.org:8600",
        "127.0.0.1:",
        "127.0.0.1:80x",
        "127.0.0.1:80:80",
        "user@127.0.0.1",
        "10.0.0.7",
        "0.0.0.0",
        "[::1",
        "::1",
    ],
)
def test_other_hosts_are_refused(host: str) -> None:
    refusal = check_request(scope("GET", ("Host", host)), MOST)
    assert refusal is not None
    assert refusal.code == "host"


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=30))
def test_only_three_names_are_ours(host: str) -> None:
    name = host.lower() if host.endswith("]") or ":" not in host else host.lower().rpartition(":")[0]
    assert not is_own_host(host) or name in {"127.0.0.1", "localhost", "[::1]"}


def test_one_host_and_no_more() -> None:
    assert check_request(scope("GET"), MOST) is not None
    assert check_request(scope("GET", OWN, ("Host", "example.org")), MOST) is not None


@pytest.mark.parametrize(
    "headers",
    [
        [("Origin", "http://example.org")],
        [("Origin", "null")],
        [("Origin", "https://127.0.0.1:8600")],
        [("Origin", "http://127.0.0.1:3000")],
        [("Origin", "http://localhost:8600")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("Origin", "http://127.0.0.1:8600"), ("Sec-Fetch-Site", "cross-site")],
        [("Origin", "http://127.0.0.1:8600"), ("Origin", "http://example.org")],
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_changes_from_other_pages_are_refused(method: str, headers: list[tuple[str, str]]) -> None:
    refusal = check_request(scope(method, OWN, *headers), MOST)
    assert refusal is not None
    assert refusal.code == "foreign-origin"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Origin", "http://127.0.0.1:8600")],
        [("Origin", "http://127.0.0.1:8600"), ("Sec-Fetch-Site", "same-origin")],
        [("Sec-Fetch-Site", "none")],
    ],
)
def test_changes_from_our_page_and_from_programs_pass(headers: list[tuple[str, str]]) -> None:
    assert check_request(scope("POST", OWN, *headers), MOST) is None


def test_too_much_is_refused_before_it_is_read() -> None:
    refusal = check_request(scope("POST", OWN, ("Content-Length", str(MOST + 1))), MOST)
    assert refusal is not None
    assert refusal.code == "too-large"
    assert check_request(scope("POST", OWN, ("Content-Length", str(MOST))), MOST) is None


def test_dns_rebinding_meets_a_refusal(reading) -> None:
    answer = reading.client.get("/v1/state", headers={"Host": "rebound.example.org"})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:linli:problem:host"


def test_a_foreign_page_changes_nothing(reading) -> None:
    before = reading.get("/health")["revision"]
    for headers in ({"Origin": "http://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = reading.client.post("/v1/undo", json={}, headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert reading.client.options("/v1/undo", headers={"Origin": "http://example.org"}).status_code == 405
    assert reading.get("/health")["revision"] == before


@pytest.mark.parametrize("path", ["/", "/health", "/v1/state", "/v1/nothing", "/assets/nothing.js"])
def test_every_answer_forbids_what_the_page_does_not_need(reading, path: str) -> None:
    headers = reading.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_refused_requests_carry_the_same_headers(reading) -> None:
    answer = reading.client.get("/", headers={"Host": "example.org"})
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_without_a_stated_length_is_counted(serve) -> None:
    service = serve(body_bytes=2000)

    def chunks():
        yield b'{"text": "'
        for _ in range(100):
            yield b"a" * 100
        yield b'"}'

    answer = service.client.post("/v1/search", content=chunks(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:linli:problem:too-large"


def test_head_answers_as_get_does_without_the_document(service) -> None:
    for path in ("/health", "/v1/needs?limit=2", "/today", "/v1/absent"):
        whole = service.client.get(path)
        head = service.client.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        for name in ("content-type", "etag", "link", "content-length"):
            assert head.headers.get(name) == whole.headers.get(name)


def test_the_log_tells_no_particulars(service, caplog: pytest.LogCaptureFixture, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("王某某 13800000000")

    monkeypatch.setattr("api.routes.records.search_names", fail)
    with caplog.at_level(logging.INFO, logger="linli.api"):
        service.client.get("/v1/needs?party=resident-abc")
        answer = service.client.post("/v1/search", json={"text": "王某某"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:linli:problem:failed"
    assert "Traceback" not in answer.text
    assert "王某某" not in answer.text
    lines = "\n".join(record.getMessage() for record in caplog.records)
    assert "RuntimeError" in lines
    assert "/v1/{table}" in lines
    assert "resident-abc" not in lines
    assert "王某某" not in lines
    assert not any(record.exc_info for record in caplog.records)


def test_errors_of_the_server_are_answered_once(service, monkeypatch) -> None:
    monkeypatch.setattr("api.routes.state._facts", lambda _: 1 / 0)
    assert service.client.get("/v1/state").status_code == 500
    assert isinstance(service.client.get("/health"), httpx.Response)
