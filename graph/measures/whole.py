"""Measures of the whole network: how dense, how mixed, how easily it breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph.backend.csr import CompiledGraph, compress
from graph.measures.answers import Found
from graph.measures.groups import Groups, find_groups
from graph.measures.intervals import span
from graph.measures.names import By
from graph.measures.unlisted import find_open_ends

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

SAMPLES: Final = 200
"""Graphs drawn for a z-score."""
SWAPS_PER_TIE: Final = 10
"""Exchanges tried between two of them, for each tie."""
DRAWS: Final = 20
"""Random orders in which parties leave; draws of communities."""
ROUNDING: Final = 1e-9
REMOVED: Final = (0.05, 0.1, 0.2, 0.5)

IntArray = NDArray[np.int64]


def density(graph: nx.Graph) -> Found:
    """Ties there are of those there could be.

    Where a list says that it goes on, whoever stands in it may be tied to anybody else: that is the most.
    """
    about = {"parties": len(graph), "ties": graph.size(), "incomplete": 0}
    if len(graph) < 2:
        return Found(None, "few_parties", about)
    value = float(nx.density(graph))
    open_ended = find_open_ends(graph)
    if not open_ended:
        return Found(value, "", about)
    # Every pair with an open end could be tied; pairs between the rest are tied as they are.
    rest = len(graph) - len(open_ended)
    kept = sum(open_ended.isdisjoint(tie) for tie in graph.edges)
    every = len(graph) * (len(graph) - 1)
    most = (every - rest * (rest - 1) + 2 * kept) / every
    return Found(value, "", {**about, "incomplete": len(open_ended), "from": value, "to": most})


def transitivity(graph: nx.Graph) -> Found:
    """Share of partners' partners who are partners."""
    pairs = sum(len(ties) * (len(ties) - 1) for _, ties in graph.adjacency()) // 2
    if not pairs:
        return Found(None, "few_ties", {"pairs": 0})
    return Found(float(nx.transitivity(graph)), "", {"pairs": pairs})


def assortativity(graph: nx.Graph) -> Found:
    """Correlation of the numbers of partners at both ends of a tie."""
    rows = compress(graph)
    ties = np.diff(rows.starts).astype(float)
    one, other = ties[rows.tails], ties[rows.heads]
    if not len(one) or one.min() == one.max():
        return Found(None, "no_variation", {"ties": graph.size()})
    return Found(float(np.corrcoef(one, other)[0, 1]), "", {"ties": graph.size()})


def components(graph: nx.Graph) -> Found:
    """How many connected parts the parties with a tie fall into, and how large the largest is."""
    sizes = [len(part) for part in nx.connected_components(graph)]
    tied = [size for size in sizes if size > 1]
    about = {"largest": max(tied, default=0), "tied": sum(tied), "alone": len(sizes) - len(tied)}
    return Found(len(tied), "", about) if sizes else Found(None, "few_parties", about)


def robustness(graph: nx.Graph, seed: int = 0) -> Found:
    """Mean share that stays connected while the best tied parties leave one after another.

    Beside it the same for parties that leave at random, the mean of several orders.
    """
    from graph.measures.loops import largest_parts

    rows, targeted = _leave_in_turn(graph)
    count = len(rows)
    if not count:
        return Found(None, "no_ties")
    draw = np.random.default_rng(seed)
    orders = [draw.permutation(count) for _ in range(DRAWS)]
    chance = np.array([largest_parts(rows.starts, rows.heads, one) for one in orders]) / count
    means = chance[:, 1:].mean(axis=1)
    curve = [
        {
            "removed": share,
            "targeted": float(targeted[round(share * count)]),
            "random": float(chance[:, round(share * count)].mean()),
        }
        for share in (0.0, *REMOVED)
    ]
    about = {
        "random": float(means.mean()),
        "random_from": float(means.min()),
        "random_to": float(means.max()),
        "random_orders": DRAWS,
        "seed": seed,
        "parties": count,
        "curve": curve,
    }
    return Found(float(targeted[1:].mean()), "", about)


def withstand(graph: nx.Graph) -> float | None:
    """The value of `robustness` alone; None without a tie."""
    rows, targeted = _leave_in_turn(graph)
    return float(targeted[1:].mean()) if len(rows) else None


def _leave_in_turn(graph: nx.Graph) -> tuple[CompiledGraph, NDArray[np.float64]]:
    """Parties with a tie, and the share in the largest part after none, one, two ... of the best tied."""
    from graph.measures.loops import largest_parts

    rows = compress(graph.subgraph([party for party in graph if len(graph[party])]))
    order = np.lexsort([np.argsort(np.argsort(np.array(rows.nodes))), -np.diff(rows.starts)])
    return rows, largest_parts(rows.starts, rows.heads, order) / max(1, len(rows))


def ei(graph: nx.Graph, snapshot: Snapshot, by: By, seed: int = 0) -> tuple[Found, float | None]:
    """The E-I index of all ties whose two ends have a group, and how far it lies from chance.

    Chance keeps each party's number of ties: `SAMPLES` graphs, between two of them `SWAPS_PER_TIE` tried
    exchanges for each tie.

    Returns
    -------
    found : Found
        The index with the groups' own.
    z : float or None
        None where chance gives the same every time.
    """
    from graph.measures.loops import count_sides, draw_inside

    rows = compress(graph)
    groups = find_groups(snapshot, rows.nodes, by)
    known = groups.known()
    once = (rows.tails < rows.heads) & known[rows.tails] & known[rows.heads]
    tails, heads = rows.tails[once], rows.heads[once]
    about: dict[str, Any] = {"by": by, "ties": len(tails), "ties_left_out": graph.size() - len(tails)}
    if not len(tails):
        return Found(None, "no_groups", about), None
    sides = np.empty((len(groups.names), 2), np.int64)
    inside = count_sides(tails, heads, groups.starts, groups.codes, sides)
    swaps = SWAPS_PER_TIE * len(tails)
    drawn, drawn_sides = draw_inside(
        tails, heads, groups.starts, groups.codes, len(rows), swaps, SAMPLES, seed, len(groups.names)
    )
    value, expected = 1 - 2 * inside / len(tails), float(1 - 2 * drawn.mean() / len(tails))
    spread = float(2 * drawn.std(ddof=1) / len(tails))
    null = {
        "keeps": "degrees",
        "expected": expected,
        "standard_deviation": spread,
        **span(expected, 1 - 2 * drawn / len(tails)),
        "samples": SAMPLES,
        "swaps": swaps,
        "seed": seed,
    }
    about |= {"inside": inside, "null": null, "groups": _by_group(sides, drawn_sides, groups, snapshot)}
    return Found(value, "", about), (value - expected) / spread if spread else None


def _by_group(sides: IntArray, drawn: IntArray, groups: Groups, snapshot: Snapshot) -> list[dict[str, Any]]:
    """The E-I index of each group, its ties to others less those inside over all of them, beside chance.

    A group of few ties has few values that chance can give it: then how many draws are as inward says more
    than z.
    """
    names = names_of(snapshot, groups.names)
    found = []
    for at in np.flatnonzero(sides.sum(axis=1)).tolist():
        within, out = sides[at].tolist()
        value = (out - within) / (out + within)
        # Degrees are kept, so that no draw leaves a group without ties.
        chance = (drawn[:, at, 1] - drawn[:, at, 0]) / drawn[:, at].sum(axis=1)
        spread = float(chance.std(ddof=1))
        group = groups.names[at]
        found.append(
            {
                "id": group,
                "name": names.get(group, group),
                "value": value,
                "z": (value - float(chance.mean())) / spread if spread > ROUNDING else None,
                "expected": float(chance.mean()),
                "as_inward": float((1 + (chance <= value + ROUNDING).sum()) / (1 + len(chance))),
                "inside": within,
                "outside": out,
            }
        )
    return found


def names_of(snapshot: Snapshot, parties: tuple[str, ...] | list[str]) -> Mapping[str, str]:
    """Names of parties that are recorded; a pairing has those of its parties."""
    found = _recorded_names(snapshot, parties)
    rows = snapshot.rows_of("pairings", parties).tolist()
    column = snapshot.column("pairings", "parties")
    tied = {pairing: column[row] for pairing, row in zip(parties, rows, strict=True) if row >= 0}
    if tied:
        known = _recorded_names(snapshot, sorted({party for some in tied.values() for party in some}))
        for pairing, some in tied.items():
            found.setdefault(pairing, "、".join(known.get(party, party) for party in dict.fromkeys(some)))
    return found


def _recorded_names(snapshot: Snapshot, parties: tuple[str, ...] | list[str]) -> dict[str, str]:
    from graph.model import PARTY_TABLES

    found: dict[str, str] = {}
    for table in PARTY_TABLES:
        rows = snapshot.rows_of(table, parties)
        names = snapshot.column(table, "name")
        for party, row in zip(parties, rows.tolist(), strict=True):
            if row >= 0 and names[row]:
                found.setdefault(party, names[row])
    return found


def agreement(graph: nx.Graph, snapshot: Snapshot, seed: int = 0) -> Found:
    """How far communities agree with the formal alliances, for parties that have a tie and one alliance.

    Communities are drawn: the span is that of several draws.
    """
    tied, chosen, formal = _find_formal(graph, snapshot)
    about = {"parties": len(chosen), "left_out": tied - len(chosen), "seed": seed}
    if about["parties"] < 2:
        return Found(None, "no_groups", about)
    drawn = [_agree(graph, chosen, formal, seed + further) for further in range(DRAWS)]
    values = [value for value in drawn if value is not None]
    if drawn[0] is None:
        return Found(None, "no_variation", about)
    return Found(drawn[0], "", {**about, "draws": DRAWS, **_ends(drawn[0], values)})


def agree_once(graph: nx.Graph, snapshot: Snapshot, seed: int) -> float | None:
    """The value of `agreement` by one draw of communities alone; None where it is undefined."""
    _, chosen, formal = _find_formal(graph, snapshot)
    return _agree(graph, chosen, formal, seed) if len(chosen) > 1 else None


def _find_formal(graph: nx.Graph, snapshot: Snapshot) -> tuple[int, list[str], IntArray]:
    """How many parties have a tie, those of them with one alliance, and the number of each one's."""
    tied = [party for party in graph if len(graph[party])]
    groups = find_groups(snapshot, tied, "alliance")
    single = np.diff(groups.starts) == 1
    chosen = [party for party, is_single in zip(tied, single, strict=True) if is_single]
    return len(tied), chosen, groups.codes[groups.starts[:-1][single]]


def _ends(value: float, values: list[float]) -> dict[str, float]:
    """The least and the most of several values, or the first where they differ by rounding alone."""
    if max(values) - min(values) < ROUNDING:
        return {"from": value, "to": value}
    return {"from": min(values), "to": max(values)}


def _agree(graph: nx.Graph, parties: list[str], formal: IntArray, seed: int) -> float | None:
    circles = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    number = {party: code for code, part in enumerate(circles) for party in part}
    return adjusted_mutual_information(np.array([number[party] for party in parties]), formal)


def adjusted_mutual_information(one: IntArray, other: IntArray) -> float | None:
    """Mutual information of two partitions beyond chance (Vinh, Epps & Bailey 2010, arithmetic mean).

    Returns
    -------
    float or None
        1 for the same partition, about 0 for chance; None where both put all into one group or each alone.
    """
    from scipy.special import gammaln

    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    total = table.sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    share = table[table > 0] / total
    mutual = float((share * np.log(share * total**2 / np.outer(rows, columns)[table > 0])).sum())
    log = gammaln(np.arange(total + 2))  # log of (n - 1)!
    expected = 0.0
    for a in rows.astype(int):
        for b in columns.astype(int):
            n = np.arange(max(1, a + b - int(total)), min(a, b) + 1)
            chance = log[a + 1] + log[b + 1] + log[int(total) - a + 1] + log[int(total) - b + 1]
            chance = chance - log[int(total) + 1] - log[n + 1] - log[a - n + 1] - log[b - n + 1]
            chance = chance - log[int(total) - a - b + n + 1]
            expected += float((n / total * np.log(total * n / (a * b)) * np.exp(chance)).sum())
    entropy = [-float((part / total * np.log(part / total)).sum()) for part in (rows, columns)]
    room = sum(entropy) / 2 - expected
    return (mutual - expected) / room if abs(room) > 1e-12 else None


PLAIN: Final[Mapping[str, Callable[[nx.Graph], Found]]] = {
    "density": density,
    "transitivity": transitivity,
    "assortativity": assortativity,
    "components": components,
}
"""Measures that need nothing but the ties."""
