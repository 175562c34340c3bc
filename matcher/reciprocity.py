"""Give and take: a cost for the needs of parties that got more than they gave.

A party's balance is fixed when the snapshot is taken: *given* are the places of all claims it made and keeps
(agreed, delivering or done), *got* those of the claims that others keep on its needs. Where it gave less than
it got, a place of its needs costs ``reciprocity_m`` times the share that is missing more; so of equally
urgent needs those of parties that give are served first. Priorities come before it as before all cost. Who
got nothing yet owes nothing, and needs without a party have no balance.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from graph.snapshot import Snapshot
from matcher.instance import Demand, Ints
from matcher.rules import PROMISED_STATES, Rules


def find_reciprocity(snapshot: Snapshot, rules: Rules, demand: Demand) -> Ints:
    """Give the further cost of a place of each need row, in metre-equivalents; zeros by default.

    Parameters
    ----------
    snapshot : Snapshot
    rules : Rules
    demand : Demand
    """
    extra = np.zeros(len(demand), dtype=np.int64)
    if not rules.reciprocity_m:
        return extra
    given, got = count_balance(snapshot)
    for row, party in enumerate(demand.party.tolist()):
        if party is not None and got[party]:
            missing = max(got[party] - given[party], 0)
            extra[row] = round(rules.reciprocity_m * missing / got[party])
    return extra


def count_balance(snapshot: Snapshot) -> tuple[Counter[str], Counter[str]]:
    """Count the places that parties gave, and got, by the claims that are kept.

    A claim without a number counts as all its need asks for; one on a project as one place, given to whoever
    the project is for, which has no balance.
    """
    given: Counter[str] = Counter()
    got: Counter[str] = Counter()
    names = ("status", "target_table", "target", "by", "quantity")
    columns = (snapshot.column("claims", name) for name in names)
    party, quantity = (snapshot.column("needs", name) for name in ("party", "quantity"))
    row_of = {name: row for row, name in enumerate(snapshot.ids("needs").tolist())}
    for status, table, target, by, count in zip(*columns, strict=True):
        if status not in PROMISED_STATES:
            continue
        row = row_of.get(target, -1) if table == "needs" else -1
        known = count is not None and not np.isnan(count)
        places = int(count) if known else int(quantity[row]) if row >= 0 else 1
        given[by] += places
        if row >= 0 and party[row] is not None:
            got[party[row]] += places
    return given, got
