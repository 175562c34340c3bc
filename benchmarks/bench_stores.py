"""Both stores side by side: the same work on a file and on a Neo4j server, and whether both hold the same.

    python benchmarks/bench_stores.py [--needs N] [--claims N] [--seed S] [--copy] [--writers W]

Starts a Neo4j server of its own (Java 17 and Maven) and warms it with a small town. Of each step it prints
seconds by the clock and, behind the stroke, seconds of the processor, the server's included (where the system
tells them under /proc): the clock says what somebody waits on an idle machine, the processor what the work
is. `--copy` moves the whole store between the two as well, both ways; `--writers` lets so many processes
claim at once, each for units of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np

from api.services.copies import copy_store
from graph.model import TABLES, Area, Claim, Need, Offer, Pairing, Record, Unit
from graph.neo4j.connection import PASSWORD, USER
from graph.neo4j.store import Neo4jStore
from graph.periods import Period
from graph.store import Batch, Store, open_store

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
CATEGORIES = ("health", "elder_care", "education", "repair", "legal")
LOAD_RECORDS = 20_000
"""So many records are written at once."""

HOPS = 50


def draw_city(needs: int, seed: int) -> list[Record]:
    """Areas, units with two offers each, pairings and needs; one unit for 50 needs."""
    rng = np.random.default_rng(seed)
    units, areas = max(needs // 50, 10), max(needs // 170, 5)
    place = rng.normal([121.5, 31.25], 0.05, (needs + units, 2)).round(6).tolist()
    area, kind = (
        rng.integers(0, areas, needs + units).tolist(),
        rng.integers(0, 5, needs + 2 * units).tolist(),
    )
    mates = rng.integers(0, units, (units // 2, 2)).tolist()
    found: list[Record] = [Area(id="street", name="街道", level="subdistrict")]
    found += [Area(id=f"area-{n}", name=f"居民区{n}", parent="street") for n in range(areas)]
    found += [
        Unit(id=f"unit-{n}", name=f"单位{n}", area=f"area-{area[n]}", lon=place[n][0], lat=place[n][1])
        for n in range(units)
    ]
    found += [
        Offer(id=f"offer-{n}", unit=f"unit-{n // 2}", category=CATEGORIES[kind[n]], capacity=30, reach_m=1500)
        for n in range(2 * units)
    ]
    found += [
        Pairing(id=f"pairing-{n}", parties=(f"unit-{one}", f"unit-{other}", f"area-{area[n]}"))
        for n, (one, other) in enumerate(mates)
        if one != other
    ]
    found += [
        Need(
            id=f"need-{n}", title=f"需求{n}", party=f"resident-{n}", category=CATEGORIES[kind[n]],
            area=f"area-{area[n]}", lon=place[n][0], lat=place[n][1], quantity=1 + n % 3, tags=("上门",),
        )
        for n in range(needs)
    ]  # fmt: skip
    return found


class Processor:
    """Seconds that this process, its helpers' threads and the server have used."""

    server = 0

    @classmethod
    def used_s(cls) -> float:
        stat = Path(f"/proc/{cls.server}/stat")
        if not stat.exists():
            return time.process_time()
        ticks = stat.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """What some work took, by the clock and of the processor."""

    clock_s: float
    processor_s: float

    def __str__(self) -> str:
        return f"{self.clock_s:.2f} | {self.processor_s:.2f} s"


def timed(work: Callable[[], T]) -> tuple[Spent, T]:
    start, used = time.perf_counter(), Processor.used_s()
    result = work()
    return Spent(time.perf_counter() - start, Processor.used_s() - used), result


def load(store: Store, records: list[Record]) -> object:
    parts = range(0, len(records), LOAD_RECORDS)
    return [store.write(Batch(put=records[at : at + LOAD_RECORDS])).revision for at in parts]


def tables(store: Store) -> object:
    snapshot = store.snapshot()
    return [snapshot.arrow(table) for table in TABLES if snapshot.count(table)]


def change(store: Store) -> object:
    """One record changes; the snapshot after it is what counts."""
    store.write(Batch(put=(Unit(id="unit-0", name="改名"),)))
    return tables(store)


def take(store: Store, claims: int) -> tuple[list[Spent], object]:
    times, kept = [], []
    for n in range(claims):
        claim = Claim(
            id=f"claim-{n}", target=f"need-{n}", target_table="needs", by=f"unit-{n}", offer=f"offer-{2 * n}"
        )
        spent, granted = timed(lambda claim=claim: store.claim(claim, YEAR))  # type: ignore[misc]
        times.append(spent)
        kept.append(granted)
    return times, kept


def two_hops(store: Store) -> object:
    found = []
    for n in range(HOPS):
        first = store.neighbours(f"unit-{n}", kind="pairing")
        found.append(sorted({other for _, near in first for other in store.neighbours(near, kind="pairing")}))
    return found


def compare(name: str, stores: dict[str, Store], work: Callable[[Store], object]) -> None:
    spent, results = zip(*(timed(lambda store=store: work(store)) for store in stores.values()), strict=True)
    show(name, [str(each) for each in spent], agrees=results[0] == results[1])


def show(name: str, cells: list[str], *, agrees: bool) -> None:
    verdict = "equal" if agrees else "DIFFERENT"
    print(f"{name:34}" + "".join(f"{cell:>20}" for cell in cells) + f"   {verdict}", flush=True)
    if not agrees:
        raise SystemExit("the stores don't agree")


def compare_claims(stores: dict[str, Store], claims: int) -> None:
    outcomes = [take(store, claims) for store in stores.values()]
    cells = [
        f"{1000 * statistics.median(each.clock_s for each in times):.1f} | "
        f"{1000 * statistics.fmean(each.processor_s for each in times):.1f} ms"
        for times, _ in outcomes
    ]
    show(f"a claim, of {claims}: median | mean", cells, agrees=outcomes[0][1] == outcomes[1][1])


WRITER = """
import sys
from bench_stores import YEAR, Claim, open_store
store, first, count = open_store(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for n in range(first, first + count):
    store.claim(Claim(id=f"at-once-{n}", target=f"need-{n}", target_table="needs", by=f"unit-{n}",
                      offer=f"offer-{2 * n}"), YEAR)
"""


def claim_at_once(store: Store, writers: int, count: int, first: int) -> tuple[Spent, int]:
    """Let processes claim side by side; what that took in all, and how many claims there are then."""
    places = [str(Path(__file__).parent), str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    started = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", WRITER, store.url, str(first + at * count), str(count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for at in range(writers)
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    def go() -> None:
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        if max(process.wait() for process in started):
            raise SystemExit("a writer failed")

    spent, _ = timed(go)
    return spent, store.count("claims")


def compare_writers(stores: dict[str, Store], writers: int, claims: int, first: int) -> None:
    """The same number of claims by one process and by several."""
    for at_once in (1, writers):
        each = claims // at_once
        outcomes = [claim_at_once(store, at_once, each, first) for store in stores.values()]
        cells = [f"{at_once * each / spent.clock_s:.0f} a second" for spent, _ in outcomes]
        show(f"claims by {at_once} at once", cells, agrees=outcomes[0][1] == outcomes[1][1])
        first += claims


def warm(store: Neo4jStore, seed: int) -> None:
    """Let the server compile what it does often, as one that runs for days has."""
    records = draw_city(2_000, seed)
    for _ in range(2):
        load(store, records)
        tables(store)
        take(store, 40)
        two_hops(store)
        store.clear()


def copy(stores: dict[str, Store], folder: Path) -> None:
    file, server = stores.values()
    there, one = timed(lambda: copy_store(file.url, server.url, replace=True))
    back, other = timed(lambda: copy_store(server.url, f"sqlite:///{folder}/back.db"))
    show("copied and verified: there, back", [str(there), str(back)], agrees=one == other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=20_000)
    parser.add_argument("--claims", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copy", action="store_true")
    parser.add_argument("--writers", type=int, default=1)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from tools.neo4j_server import Server, find_missing

    if missing := find_missing():
        print(missing)
        return
    records = draw_city(arguments.needs, arguments.seed)
    # Units that haven't claimed yet are left for those who claim at once.
    claims = min(arguments.claims, arguments.needs // 150)
    with tempfile.TemporaryDirectory(prefix="linli-stores-") as name:
        folder, server = Path(name), Server(Path(name) / "server", "2g")
        server.start()
        os.environ.update({USER: "neo4j", PASSWORD: server.password, "XDG_CACHE_HOME": str(folder / "cache")})
        try:
            stores = {"SQLite": open_store(f"sqlite:///{folder}/town.db"), "Neo4j": open_store(server.url)}
            assert isinstance(stores["Neo4j"], Neo4jStore)
            print(f"{len(records)} records, {arguments.needs} of them needs")
            warm(stores["Neo4j"], arguments.seed)
            Processor.server = server.pid() or 0
            print(f"{'':34}" + "".join(f"{store:>20}" for store in stores))
            compare("loaded", stores, lambda store: load(store, records))
            compare("snapshot read", stores, tables)
            compare("one change, snapshot again", stores, change)
            compare_claims(stores, claims)
            if arguments.writers > 1:
                compare_writers(stores, arguments.writers, claims, claims)
            compare(f"two hops from {HOPS} units", stores, two_hops)
            compare("snapshot after claims", stores, tables)
            if arguments.copy:
                copy(stores, folder)
            for store in stores.values():
                store.close()
        finally:
            server.kill()


if __name__ == "__main__":
    main()
