"""How much room needs take on disk, in a file and on a Neo4j server, all that belongs to them counted.

    python benchmarks/bench_size.py [--needs N] [--seed S]

The city of `bench_stores.py`: needs, with the units, offers and areas that go with them. The difference
between two sizes tells what one need more takes. The Neo4j server is one of its own and is ended before it is
measured; without Java 17 and Maven only the file is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench_stores import ROOT, draw_city, load

from graph.model import Record
from graph.neo4j.connection import PASSWORD, USER
from graph.store import open_store


def measure(folder: Path, *, but: str = "") -> int:
    """Bytes that the files of a folder hold on disk."""
    files = [path for path in folder.rglob("*") if path.is_file() and not (but and but in path.parts)]
    return sum(path.stat().st_blocks * 512 for path in files)


def fill_file(records: list[Record], folder: Path) -> list[int]:
    """Bytes of the store's file once it is closed, and of the snapshot that is kept beside it."""
    folder.mkdir()
    store = open_store(f"sqlite:///{folder}/town.db")
    load(store, records)
    store.snapshot()
    store.close()
    own = sum(path.stat().st_size for path in folder.glob("town.db*") if path.is_file())
    return [own, measure(folder) - own]


def fill_server(records: list[Record], folder: Path) -> list[int]:
    """Bytes of the server's store once it has ended, and of its log of transactions."""
    from tools.neo4j_server import Server

    server = Server(folder, "1g")
    server.start()
    os.environ.update({USER: "neo4j", PASSWORD: server.password, "XDG_CACHE_HOME": str(folder / "cache")})
    try:
        store = open_store(server.url)
        load(store, records)
        store.close()
        server.stop()
    finally:
        server.kill()
    own, log = (next(folder.rglob(name)) for name in ("databases", "transactions"))
    return [measure(own / "neo4j"), measure(log / "neo4j")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--needs", type=int, default=20_000, help="of the larger city; the other has half")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from tools.neo4j_server import find_missing

    missing = find_missing()
    kinds = {"SQLite": (fill_file, "kept snapshot")}
    if missing:
        print(missing)
    else:
        kinds["Neo4j"] = (fill_server, "transactions")
    print("| store | needs | records | bytes | each need more | beside it |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="linli-size-") as name:
        for kind, (fill, beside) in kinds.items():
            before: tuple[int, int] | None = None
            for needs in (chosen.needs // 2, chosen.needs):
                records = draw_city(needs, chosen.seed)
                own, more = fill(records, Path(name) / f"{kind}-{needs}")
                each = "" if before is None else f"{(own - before[1]) / (needs - before[0]):,.0f}"
                before = needs, own
                print(
                    f"| {kind} | {needs:,} | {len(records):,} | {own:,} | {each} | {beside} {more:,} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
