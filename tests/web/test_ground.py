"""The map at the size of a city, and over a ground of one's own."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.web.support import answer_with, summary, until
from tests.web.test_map import DRAWN, READY, drawn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TILE_PX = 256
RED = (200, 30, 30)
MANY = 2_500


def png(colour: tuple[int, int, int]) -> bytes:
    """A square of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes(colour) * TILE_PX) * TILE_PX
    head = struct.pack(">IIBBBBB", TILE_PX, TILE_PX, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def write_ground(path: Path, colour: tuple[int, int, int]) -> Path:
    """A PMTiles archive (version 3) of a single tile that holds the whole world."""
    tile = png(colour)
    # One entry: its tile, how many in a run, its length, its offset plus one.
    root = varint(1) + varint(0) + varint(1) + varint(len(tile)) + varint(1)
    metadata = b'{"attribution": "drawn by hand"}'
    at_root = 127
    at_metadata = at_root + len(root)
    at_tiles = at_metadata + len(metadata)
    head = b"PMTiles" + bytes([3])
    head += struct.pack("<QQQQ", at_root, len(root), at_metadata, len(metadata))
    head += struct.pack("<QQQQ", 0, 0, at_tiles, len(tile))
    head += struct.pack("<QQQ", 1, 1, 1)
    # Clustered, nothing compressed, tiles are PNG, zooms 0 to 0.
    head += bytes([1, 1, 1, 2, 0, 0])
    head += struct.pack("<iiii", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    head += bytes([0]) + struct.pack("<ii", 0, 0)
    path.write_bytes(head + root + metadata + tile)
    return path


def test_a_ground_of_ones_own_lies_under_the_points(site_over: Any, tmp_path: Path, visit: Any) -> None:
    site = site_over(write_ground(tmp_path / "ground.pmtiles", RED))
    page = visit(site, "/map", has_map=True)
    until(page, READY)
    until(
        page,
        """() => {
            const map = document.querySelector(".map-sheet canvas");
            const copy = document.createElement("canvas");
            copy.width = map.width; copy.height = map.height;
            const pen = copy.getContext("2d");
            pen.drawImage(map, 0, 0);
            const [red, green, blue] = pen.getImageData(copy.width - 5, copy.height / 2, 1, 1).data;
            return red > green + 20 && red > blue + 20;
        }""",
    )
    assert page.evaluate(DRAWN)["colours"] > 20
    assert page.get_by_text("drawn by hand").is_visible()


def test_a_city_is_drawn_in_hexagons_with_the_same_sums(shared_site: Any, visit: Any) -> None:
    document = summary(shared_site)
    first = document["areas"][0]
    areas = [
        {
            **first, "id": f"area-{at}", "name": f"第{at}居", "lon": 121.2 + at % 50 / 120,
            "lat": 31.0 + at // 50 / 140, "wanted": 4, "unserved": at % 4,
            "reason": "no_capacity" if at % 4 else None,
        }
        for at in range(MANY)
    ]  # fmt: skip
    page = visit(shared_site, "/lists", has_map=True)
    answer_with(page, "**/summary*", {**document, "areas": areas, "units": []})
    page.goto(f"{shared_site.base}/map")
    until(page, READY)
    picture = drawn(page)
    assert picture["other"] > 50_000
    assert page.locator(".legend .legend-step").count() == 5
    page.get_by_label("缩小").click()
    until(page, f"(before) => ({DRAWN})().picture !== before", picture["picture"])
