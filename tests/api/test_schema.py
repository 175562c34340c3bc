"""The OpenAPI document holds: whatever is sent, the answers are among those that it describes."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import describe_routes

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
UNTIMED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


# Each round made is a solve; a line of them would only be told to wait.
SCHEMA = schemathesis.openapi.from_dict(describe_routes()).exclude(method="POST", path="/v1/rounds")
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


def send_anything(service: Any, label: str, examples: int) -> None:
    """Send whatever the description allows, and check that the answers are among those described."""
    base = str(service.client.base_url)

    @given(case=OPERATIONS[label].as_strategy())
    @settings(max_examples=examples, suppress_health_check=UNTIMED)
    def send(case: Any) -> None:
        case.call_and_validate(base_url=base, checks=CHECKS, timeout=120)

    send()


@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described(playground, label: str) -> None:
    send_anything(playground, label, 8)


@pytest.mark.large
@pytest.mark.parametrize("label", OPERATIONS)
def test_many_answers_are_as_described(playground, label: str) -> None:
    send_anything(playground, label, 200)


def test_refusals_are_described_as_problems(playground) -> None:
    document = playground.get("/openapi.json")
    assert "Problem" in document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for route in methods.values():
            for status, answer in route["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)
                    examples = answer["content"]["application/problem+json"]["examples"]
                    assert all(example["value"]["status"] == int(status) for example in examples.values())


def test_requests_have_examples(playground) -> None:
    document = playground.get("/openapi.json")
    shapes = document["components"]["schemas"]
    assert all("example" in shapes[name] for name in ("RoundWish", "Change", "Lock", "Refuse", "Problem"))
