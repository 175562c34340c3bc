"""Today's groups of parties, and which of them a new group continues."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from graph.measures.groups import find_groups
from matcher.instance import Instance
from matcher.partners.standing import Standing

if TYPE_CHECKING:
    from matcher.grouping.design import Grouping

TODAY: Final = ("alliance", "branch", "area")
"""What today's groups can be."""


def groups_of(instance: Instance, by: str = "alliance", *, without: str | None = None) -> dict[str, str]:
    """Today's groups of the parties that could be paired.

    Parameters
    ----------
    instance : Instance
    by : str
        `alliance`, the smallest of several; `branch`, the one of a unit that ties most units, else that of an
        area; `area` that it lies in.
    without : str, optional
        An alliance that counts as none, because all belong to it.

    Raises
    ------
    ValueError
        If there is no such grouping.
    """
    if by not in TODAY:
        raise ValueError(f"there is no grouping “{by}”, but {', '.join(TODAY)}")
    if by == "branch":
        found = _branches(instance)
        return {party: found[party] for party in Standing(instance).candidates() if party in found}
    parties = Standing(instance).candidates()
    groups = find_groups(instance.snapshot, parties, "alliance" if by == "alliance" else "area")
    members = np.bincount(groups.codes, minlength=len(groups.names))
    chosen = {}
    for party, (start, end) in zip(parties, pairwise(groups.starts.tolist()), strict=True):
        codes = [code for code in groups.codes[start:end].tolist() if groups.names[code] != without]
        if codes:
            chosen[party] = groups.names[min(codes, key=lambda code: (members[code], groups.names[code]))]
    return chosen


def _branches(instance: Instance) -> dict[str, str]:
    """A branch of each unit and area: the one that ties most units."""
    snapshot = instance.snapshot
    columns = [snapshot.ids("branches"), *(snapshot.column("branches", name) for name in ("units", "area"))]
    ranked = sorted(zip(*columns, strict=True), key=lambda row: (-len(row[1]), row[0]))
    found: dict[str, str] = {}
    for branch, units, area in ranked:
        for party in [*units] or ([area] if area else []):
            found.setdefault(party, branch)
    return found


def continue_groups(grouping: Grouping, today: Mapping[str, str]) -> dict[int, str]:
    """Which of today's groups each new one continues: the pairs in which most parties stay (Kuhn 1955).

    A new group that shares nobody with a group left over continues none.
    """
    from scipy.optimize import linear_sum_assignment

    names = sorted(set(today.values()))
    column = {name: number for number, name in enumerate(names)}
    shared = np.zeros((len(grouping.sizes), len(names)), np.int64)
    for party, number in grouping.to_dict().items():
        if party in today:
            shared[number, column[today[party]]] += 1
    pairs = zip(*linear_sum_assignment(-shared), strict=True)
    return {int(number): names[at] for number, at in pairs if shared[number, at]}
