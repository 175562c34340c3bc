"""A round published by command: at once, told as over HTTP, the newest draft where none is named."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from api.publishing import Publisher
from graph.entries import Round
from graph.model import Unit
from graph.periods import Period
from graph.store import Batch, open_store
from tests.api.terminal import linli, linli_json, store_option

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def test_what_is_published_can_be_kept(own_town: Path) -> None:
    store = store_option(own_town)
    draft = linli_json("match", *store)["round"]["id"]
    refused = linli_json("match", "--keep", draft, *store, code=1)
    assert f"linli publish {draft}" in refused["remedy"]
    assert linli_json("publish", *store)["id"] == draft
    assert linli_json("match", "--keep", draft, *store)["keep"]["round"] == draft


def test_the_answer_is_that_of_the_route(serve) -> None:
    service = serve()
    asked = service.client.post("/v1/rounds/current/publish").json()
    answer = linli_json("publish", "--store", service.store.url)
    assert answer == {**asked, "status": "published", "takes_effect_at": None}
    shown = service.get(f"/v1/rounds/{answer['id']}")
    del shown["match"]
    assert shown == answer
    again = linli_json("publish", answer["id"], "--store", service.store.url, code=1)
    assert again["type"] == service.client.post("/v1/rounds/current/publish").json()["type"]


def test_a_publication_that_waits_is_over_then(tmp_path: Path) -> None:
    path, errors = tmp_path / "a.db", list[BaseException]()
    with closing(open_store(f"sqlite:///{path}")) as store:
        made = store.put_round(Round("", YEAR, "proposed", 0, "", {}, {}))
        publisher = Publisher(store, 0.3, errors.append)
        publisher.publish(made.id)
        linli("publish", made.id, *store_option(path))
        assert publisher.pending() == {}
        time.sleep(0.5)
        publisher.close()
        assert errors == []
        assert store.get_round(made.id).status == "published"


def test_an_older_draft_is_published_by_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert linli_json("publish", *store_option(path), code=1)["type"].endswith("no-round")
        token = store.revision()[1]
        first, second = (store.put_round(Round("", YEAR, "proposed", 0, token, {}, {})).id for _ in range(2))
    assert linli_json("publish", *store_option(path))["id"] == second
    refused = linli_json("publish", *store_option(path), code=1)
    assert refused["type"].endswith("transition")
    assert second in refused["detail"]
    assert linli_json("publish", first, *store_option(path))["status"] == "published"
    assert linli_json("publish", "none", *store_option(path), code=1)["type"].endswith("no-round")


@pytest.mark.parametrize(("language", "said"), [("en", "Published: round"), ("zh", "已发布：轮次")])
def test_a_person_is_told_and_of_changed_lists_too(tmp_path: Path, language: str, said: str) -> None:
    path = tmp_path / "a.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        made = store.put_round(Round("", YEAR, "proposed", 0, "", {}, {}))
        store.write(Batch(put=(Unit(id="a", name="a"),)))
    result = linli("publish", *store_option(path), LINLI_LANG=language)
    assert result.stdout.startswith(f"{said}{' ' if language == 'en' else ''}{made.id}")
    assert "2026-12-31" in result.stdout
    assert ("have changed" if language == "en" else "清单改过了") in result.stderr
