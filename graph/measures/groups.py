"""Groups of parties: by area, kind or alliance; a party may belong to none, and to several alliances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.measures.names import BYS, By
from graph.model import PARTY_TABLES

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Which groups each of some parties belongs to.

    Attributes
    ----------
    names : tuple of str
        The groups.
    starts, codes : int64 arrays
        For each party its groups, one after another, in rising order.
    """

    names: tuple[str, ...]
    starts: IntArray
    codes: IntArray

    def known(self) -> NDArray[np.bool_]:
        """Which parties belong to a group."""
        found: NDArray[np.bool_] = np.diff(self.starts) > 0
        return found


def find_groups(snapshot: Snapshot, parties: Sequence[str], by: By) -> Groups:
    """The groups of parties.

    Parameters
    ----------
    snapshot : Snapshot
    parties : sequence of str
    by : {"area", "kind", "alliance"}
        An area stands in itself; who is no unit has its table for a kind; a party may have several alliances.

    Raises
    ------
    ValueError
        If there is no such grouping.
    """
    if by not in BYS:
        raise ValueError(f"there is no grouping “{by}”, but {', '.join(BYS)}")
    found = _alliances(snapshot) if by == "alliance" else _column(snapshot, by)
    mine = [sorted(found.get(party, ())) for party in parties]
    names = tuple(sorted({name for groups in mine for name in groups}))
    code = {name: number for number, name in enumerate(names)}
    starts = np.zeros(len(mine) + 1, np.int64)
    np.cumsum([len(groups) for groups in mine], out=starts[1:])
    return Groups(names, starts, np.array([code[name] for groups in mine for name in groups], np.int64))


def _alliances(snapshot: Snapshot) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    columns = snapshot.column("members", "party"), snapshot.column("members", "alliance")
    for party, alliance in zip(*columns, strict=True):
        found.setdefault(party, set()).add(alliance)
    return found


def _column(snapshot: Snapshot, by: By) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table in PARTY_TABLES:
        ids = snapshot.ids(table)
        if by == "kind":
            values = snapshot.column(table, "kind") if table == "units" else [table] * len(ids)
        else:
            values = ids if table == "areas" else snapshot.column(table, "area")
        for party, value in zip(ids, values, strict=True):
            if value:
                found.setdefault(party, {value})
    return found
