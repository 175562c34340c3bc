"""The service as a whole: settings, the page's files, the documentation of the routes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.app import create_app, render_routes
from api.caches import LruCache
from api.settings import SettingError, Settings
from api.version import VERSION
from graph.errors import StoreUrlError

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_settings_come_from_the_environment_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "LINLI_STORE": "sqlite:////a/town.db",
        "LINLI_PMTILES": "/a/ground.pmtiles",
        "LINLI_WEB": "/a/web",
        "LINLI_UPLOADS": "/shared/loads",
        "LINLI_JOB_LEASE_S": "2.5",
    }
    settings = Settings.from_environment(given)
    assert settings.store_url == "sqlite:////a/town.db"
    assert settings.store_name == "town.db"
    assert settings.pmtiles == Path("/a/ground.pmtiles")
    assert settings.web_folder == Path("/a/web")
    assert settings.uploads_folder == Path("/shared/loads")
    assert settings.job_lease_s == 2.5
    for text in ("soon", "0", "inf", "nan"):
        with pytest.raises(SettingError, match="LINLI_JOB_LEASE_S"):
            Settings.from_environment({"LINLI_JOB_LEASE_S": text})
    assert Settings.from_environment(given, store_url="sqlite:///b.db").store_url == "sqlite:///b.db"
    monkeypatch.setenv("LINLI_STORE", "sqlite:///c.db")
    assert Settings().store_url == "sqlite:///linli.db"
    assert Settings.from_environment().store_url == "sqlite:///c.db"
    assert Settings.from_environment({}).store_url == "sqlite:///linli.db"


def test_a_store_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises(StoreUrlError) as caught:
        create_app(Settings(store_url="memory:"))
    assert caught.value.remedy


def test_importing_the_app_opens_nothing(tmp_path: Path) -> None:
    code = "import api.app, os; print(os.listdir('.'))"
    house = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_health_and_state(reading) -> None:
    health = reading.get("/health")
    assert health == {"status": "ok", "version": VERSION, "revision": 1}
    state = reading.get("/v1/state")
    assert state["revision"] == 1
    assert state["counts"]["needs"] == reading.store.count("needs")
    assert state["synthetic"] is True
    assert state["store"] == "town.db"
    assert state["round"] == reading.get("/v1/rounds/current")["id"]
    assert state["round_stale"] is False
    assert state["outlines"] is False
    assert state["pmtiles"] is None


def test_state_of_an_empty_store(serve) -> None:
    state = serve(is_empty=True).get("/v1/state")
    assert state["revision"] == 0
    assert state["round"] is None
    assert state["synthetic"] is False
    assert not any(state["counts"].values())


def test_state_follows_the_store(service) -> None:
    before = service.client.get("/v1/state")
    tag = before.headers["etag"]
    assert service.client.get("/v1/state", headers={"If-None-Match": tag}).status_code == 304
    unit = service.get("/v1/units?limit=1")["items"][0]["id"]
    assert service.client.patch(f"/v1/units/{unit}", json={"capacity": 7}).status_code == 200
    after = service.client.get("/v1/state", headers={"If-None-Match": tag})
    assert after.status_code == 200
    assert after.json()["round_stale"] is True
    assert after.json()["token"] != before.json()["token"]


def test_outlines_are_seen(serve) -> None:
    service = serve(is_empty=True)
    square = '{"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31]]]}'
    lists = {"type": "FeatureCollection", "features": []}
    assert service.client.post("/v1/areas", json={"name": "梧桐"}).status_code == 201
    feature = f'{{"type": "Feature", "properties": {{"name": "梧桐"}}, "geometry": {square}}}'
    text = f'{{"type": "FeatureCollection", "features": [{feature}]}}'
    load = service.client.post("/v1/loads", files=[("files", ("outlines.geojson", text.encode()))])
    assert load.status_code == 201, lists
    assert service.client.post(f"/v1/loads/{load.json()['id']}/confirm", json={}).status_code == 200
    assert service.get("/v1/state")["outlines"] is True
    feature = service.get("/v1/areas.geojson")["features"][0]
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["has_outline"] is True


# -- the page -----------------------------------------------------------------------------------------


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>页面</title>", encoding="utf-8")
    (folder / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "assets" / "index-DFS97ZpA.js").write_text("1", encoding="utf-8")
    (folder / ".hidden").write_text("kept to ourselves", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("kept to ourselves", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


def test_the_page_and_its_addresses(serve, web: Path) -> None:
    client = serve(web_folder=web).client
    for path in (
        "/",
        "/today",
        "/map",
        "/round/2026-1",
        "/lists/abc",
        "/units/unit-1",
        "/print/claims?by=unit",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "页面" in answer.text
        assert answer.headers["cache-control"] == "no-cache"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    hashed = client.get("/assets/index-DFS97ZpA.js")
    assert "immutable" in hashed.headers["cache-control"]
    assert client.get("/icon.svg").headers["cache-control"] == "no-cache"
    assert client.get("/nothing").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/link.txt",
        "/.hidden",
        "/assets/./../.hidden",
        "//etc/passwd",
        "/%00",
        "/assets",
        "/index.html/x",
    ],
)
def test_no_path_leads_out_of_the_page(serve, web: Path, path: str) -> None:
    service = serve(web_folder=web)
    connection = service.client.build_request("GET", "/")
    answer = service.client.send(
        type(connection)("GET", connection.url.copy_with(raw_path=path.encode()), headers=connection.headers)
    )
    assert answer.status_code == 404
    assert "kept to ourselves" not in answer.text


def test_an_unbuilt_page_says_how_to_build_it(serve, tmp_path: Path) -> None:
    answer = serve(web_folder=tmp_path / "nowhere").client.get("/today")
    assert answer.status_code == 200
    assert "make setup" in answer.text


def test_the_ground_of_the_map_is_sent_in_ranges(serve, tmp_path: Path) -> None:
    ground = tmp_path / "ground.pmtiles"
    ground.write_bytes(b"PMTiles\x03" + bytes(1000))
    service = serve(pmtiles=ground)
    address = service.get("/v1/state")["pmtiles"]
    assert address == "/tiles/ground.pmtiles"
    answer = service.client.get(address, headers={"Range": "bytes=0-6"})
    assert answer.status_code == 206
    assert answer.content == b"PMTiles"


@pytest.mark.parametrize("content", [None, b"", b"PMTiles\x02"])
def test_a_ground_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    ground = tmp_path / "ground.pmtiles"
    if content is not None:
        ground.write_bytes(content)
    with pytest.raises(SettingError, match="PMTiles"):
        create_app(Settings(store_url=f"sqlite:///{tmp_path / 'town.db'}", pmtiles=ground))


def test_no_answer_leads_to_another_host(reading) -> None:
    assert reading.client.get("/docs").status_code == 404
    assert reading.client.get("/redoc").status_code == 404
    assert "cdn" not in reading.client.get("/").text


# -- documentation ------------------------------------------------------------------------------------


def test_every_route_is_documented(reading) -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert page == render_routes(), "run `make docs`"
    described = 0
    for path, methods in reading.get("/openapi.json")["paths"].items():
        for method, route in methods.items():
            described += 1
            assert f"`{method.upper()} {path}`" in page
            assert len(route["description"]) > 10, path
            assert route["tags"], path
    assert described >= 40


# -- the cache ----------------------------------------------------------------------------------------


def test_the_cache_keeps_what_was_used_last() -> None:
    made = []
    cache = LruCache(2)

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        assert cache.get(key, lambda key=key: make(key)) == key
    assert made == ["a", "b", "c", "b"]


def test_the_cache_keeps_no_error() -> None:
    cache = LruCache(2)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0)
    assert cache.get("a", lambda: 2) == 2
