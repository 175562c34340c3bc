"""Addresses of Neo4j servers that name none, or one that doesn't answer."""

from __future__ import annotations

import socket

import pytest

from graph.errors import StoreError, StoreUrlError
from graph.store import open_store


@pytest.mark.parametrize(
    "address",
    ["neo4j://", "neo4j://user:secret@host", "neo4j://host/a/b", "bolt://host?x=1", "neo4j://host:port"],
)
def test_addresses_that_name_no_server_are_refused(address: str) -> None:
    with pytest.raises(StoreUrlError) as caught:
        open_store(address)
    assert caught.value.remedy
    assert "secret" not in str(caught.value)


def test_nobody_at_the_address_is_told() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(StoreError, match="no Neo4j server answers"):
            open_store(f"neo4j://127.0.0.1:{silent.getsockname()[1]}")
