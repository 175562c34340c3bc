"""Addresses of Neo4j servers that name none, or one that doesn't answer."""

from __future__ import annotations

import socket
import threading

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


def test_a_server_without_tls_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            for _ in range(2):
                connection, _ = plain.accept()
                connection.recv(64)
                connection.sendall(b"this is no handshake")
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        for scheme in ("bolt+ssc", "neo4j+s"):
            with pytest.raises(StoreError, match="answers, but not under TLS"):
                open_store(f"{scheme}://127.0.0.1:{plain.getsockname()[1]}")


def test_nobody_at_the_address_is_told() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(StoreError, match="no Neo4j server answers"):
            open_store(f"neo4j://127.0.0.1:{silent.getsockname()[1]}")
