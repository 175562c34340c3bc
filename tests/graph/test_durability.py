"""What a store has acknowledged outlives the process; what it hasn't is wholly there or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from graph.model import Claim, Need, Offer, Unit
from graph.store import Batch, Store, open_store

BATCH = 40
KILLS = 20
OFFERS = 300

WRITER = f"""
import sys
from graph.model import Need
from graph.store import Batch, open_store
store = open_store(sys.argv[1])
number = store.revision()[0]
while True:
    number += 1
    store.write(Batch(put=[Need(id=f"{{number:06}}-{{item}}", category="health") for item in range({BATCH})]))
    print(number, flush=True)
"""

CLAIMER = """
import sys
from datetime import date
from graph.errors import CapacityError
from graph.model import Claim
from graph.periods import Period
from graph.store import open_store
year = Period(date(2026, 1, 1), date(2026, 12, 31))
store, name = open_store(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
taken = 0
for number in range(int(sys.argv[3])):
    claim = Claim(id=f"{name}-{number}", target=f"need-{number}", target_table="needs", by=name,
                  offer=f"offer-{number}", quantity=2)
    try:
        store.claim(claim, year)
        taken += 1
    except CapacityError:
        pass
print(taken, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.db"
    open_store(url).close()
    draw, acknowledged = random.Random(7), 0
    for _ in range(KILLS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(draw.uniform(0.0, 0.05))
        writer.kill()
        lines = [first, *writer.stdout.readlines()]
        writer.wait()
        acknowledged = max(int(line) for line in lines if line.endswith("\n"))
        store = open_store(url)
        revision, _ = store.revision()
        # The last batch may have been written without its word getting out.
        assert revision in (acknowledged, acknowledged + 1)
        assert store.count("needs") == revision * BATCH
        assert [len(event.changes) for event in store.events()] == [BATCH] * revision
        store.close()
    assert acknowledged >= KILLS


def let_two_processes_race(store: Store, offers: int) -> None:
    """Fill an empty store, let two processes take the same last places, and look that nobody got too many."""
    store.write(
        Batch(
            put=[Unit(id="clinic", name="诊所")]
            + [Offer(id=f"offer-{n}", unit="clinic", category="health", capacity=3) for n in range(offers)]
            + [Need(id=f"need-{n}", category="health", quantity=9) for n in range(offers)]
            + [
                Claim(id=f"old-{n}", target=f"need-{n}", target_table="needs", by="x", offer=f"offer-{n}",
                      quantity=1, status="agreed")
                for n in range(offers)
            ]
        )
    )  # fmt: skip
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, store.url, name, str(offers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for claimer in claimers:
        assert claimer.stdout is not None
        assert claimer.stdout.readline() == "ready\n"
    for claimer in claimers:
        assert claimer.stdin is not None
        claimer.stdin.write("\n")
        claimer.stdin.flush()
    taken = [int(claimer.communicate()[0]) for claimer in claimers]
    assert sum(taken) == offers
    for number in range(offers):
        claims = list(store.find("claims", offer=f"offer-{number}", status="agreed"))
        assert sum(claim.quantity for claim in claims) == 3
    assert store.snapshot().count("claims") == 2 * offers


def test_two_processes_never_take_the_same_last_places(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/town.db")
    let_two_processes_race(store, OFFERS)
    store.close()
