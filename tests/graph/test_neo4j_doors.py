"""What the doors do with a store in Neo4j: commands, routes, several services, and Cypher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.services import copies
from api.services.demo import MARK
from api.settings import Settings
from graph.model import Area, Unit
from graph.neo4j import load
from graph.store import Batch, Store, open_store
from graph.testing import TOWN, YEAR, claim_on
from tests.api.conftest import serving
from tests.api.terminal import linli_json
from tests.neo4j_stores import ask, empty_store, found_ties, wanted_ties
from tests.workers import WorkerTests
from tools.neo4j_server import Server

EQUAL_COMMANDS = (("assignments",), ("gaps",), ("network", "--measure", "degree"))
ROUTES = ("/v1/assignments", "/v1/gaps")


class TestDoors:
    """Commands and routes on a server answer as they do on a file."""

    @pytest.fixture(scope="class")
    @classmethod
    def demo_file(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The demonstration's store in a file."""
        folder = tmp_path_factory.mktemp("demo")
        file = folder / "town.db"
        command = ("demo", "--no-serve", "--folder", str(folder / "demo"), "--store", f"sqlite:///{file}")
        assert linli_json(*command)["store"] == f"sqlite:///{file}"
        held = file.read_bytes()
        assert linli_json(*command, code=1)["type"].endswith("not-empty")
        assert file.read_bytes() == held
        return file

    def test_the_demonstration_is_the_same_to_the_byte(
        self, neo4j_server: Server, demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        server, file = ("--store", neo4j_server.url), ("--store", f"sqlite:///{demo_file}")
        command = ("demo", "--no-serve", "--folder", "town", *server)
        store = empty_store(neo4j_server)
        store.write(Batch(put=TOWN))
        assert linli_json(*command, code=1)["type"].endswith("not-empty")
        # It takes the place of what another one has left there, and of nothing else.
        Path("town").mkdir()
        (Path("town") / MARK).write_text(f"{store.url} {store.revision()[1]}", encoding="utf-8")
        assert linli_json(*command)["store"] == neo4j_server.url
        assert not list(store.find("branches", name="联合支部"))
        store.close()
        for command in EQUAL_COMMANDS:
            assert text(linli_json(*command, *server)) == text(linli_json(*command, *file)), command
        with (
            serving(Settings(store_url=neo4j_server.url)) as one,
            serving(Settings(store_url=f"sqlite:///{demo_file}")) as other,
        ):
            for route in ROUTES:
                assert one.client.get(route).content == other.client.get(route).content

    def test_a_store_goes_there_and_back(self, neo4j_server: Server, demo_file: Path, tmp_path: Path) -> None:
        store = empty_store(neo4j_server)
        source, back = f"sqlite:///{demo_file}", f"sqlite:///{tmp_path / 'back.db'}"
        there = linli_json("copy", source, neo4j_server.url)
        assert found_ties(store) == wanted_ties(store)
        same = neo4j_server.url.replace("neo4j:", "bolt:")
        for refused in ((source, neo4j_server.url), (neo4j_server.url, same, "--replace")):
            assert linli_json("copy", *refused, code=1)["type"].endswith("not-empty")
        again = linli_json("copy", neo4j_server.url, back)
        assert there["verified"]
        assert there == again == linli_json("copy", source, neo4j_server.url, "--replace")
        one, other = open_store(source), open_store(back)
        assert list(one.dump()) == list(other.dump())
        store.close()

    def test_a_copy_that_was_broken_off_goes_on(
        self, neo4j_server: Server, demo_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = empty_store(neo4j_server)
        monkeypatch.setattr(load, "PAGE_ROWS", 100)
        source = f"sqlite:///{demo_file}"
        with monkeypatch.context() as patch:
            patch.setattr(copies, "_counted", interrupted)
            with pytest.raises(KeyboardInterrupt):
                copies.copy_store(source, neo4j_server.url)
        assert linli_json("gaps", "--store", neo4j_server.url, code=1)["detail"].endswith("isn't finished")
        assert linli_json("copy", source, neo4j_server.url)["verified"]
        assert list(store.dump()) == list(open_store(source).dump())
        store.close()


class TestServices(WorkerTests):
    """Several services on one server."""

    @pytest.fixture
    def shared(self, neo4j_server: Server) -> Iterator[Store]:
        store = empty_store(neo4j_server)
        yield store
        store.close()


ANSWERS: list[list[list[Any]]] = [
    [["诊所", "need", 3]],
    [["学校", "talks", "health", 0], ["诊所", "checks", "health", 1]],
    [["pair", ["学校", "诊所", "银杏"]]],
    [["学校", "银杏"], ["银杏", "学校"]],
    [["联合支部", ["学校", "诊所"]]],
    [["银行"]],
    [["示例街道", "health", 3], ["银杏", "health", 3]],
    [["桂花"]],
    [["member", "alliance"]],
    [[2, "claim", 1], [1, "load", len(TOWN) + 2]],
]
"""What each query of docs/cypher.md gives, in their order, on the town, a bank and a neighbourhood."""


class TestCypher:
    """The page of examples for whoever asks the server itself."""

    def test_every_query_of_the_page_gives_its_answer(self, neo4j_server: Server) -> None:
        store = empty_store(neo4j_server)
        beside = (Unit(id="bank", name="银行"), Area(id="new", name="桂花", parent="street"))
        store.write(Batch(put=(*TOWN, *beside)))
        store.claim(claim_on("need", offer="checks"), YEAR)
        page = (Path(__file__).resolve().parents[2] / "docs" / "cypher.md").read_text(encoding="utf-8")
        queries = re.findall(r"^```cypher\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        found = [
            [[sorted(cell) if isinstance(cell, list) else cell for cell in row] for row in ask(store, query)]
            for query in queries
        ]
        assert found == ANSWERS
        store.close()


def interrupted(rows: Iterator[dict[str, Any]], progress: object, **_: object) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows):
        if number == 450:
            raise KeyboardInterrupt
        yield row


def text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)
