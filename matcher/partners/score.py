"""How well two parties would go together: seven terms from 0 to 1 and their weights.

| term | 1 means | 0 means |
|---|---|---|
| `gain` | as many places more would be served as both lack | none |
| `complement` | the other offers all that is needed, both ways | nothing |
| `distance` | next door; ``1 / (1 + km)``, `UNKNOWN_M` where nobody knows | far away |
| `single_point` | all that hangs on one other unit gets a second one | none of it |
| `bridge` | no way of pairings ties both yet (a half: they are of different communities) | same community |
| `reciprocity` | both give alike; ``2 min / sum`` of the places that each could serve | one gives only |
| `load` | neither has a pairing; ``1 / (1 + pairings)``, the mean of both | many |

The weights are argued, not fitted: thirty pairings of five places would fit anything. Two thirds are need:
what each could do for the other (`complement`), and what the round would serve more (`gain`, which is less,
since most pairs gain nothing by themselves). A quarter is nearness, since who is paired meets every month.
The last tenth is what the network lacks: it decides between pairs that are alike in all else, and would lead
away from needs if it weighed more. Other weights of that order do as well on hidden pairings, see the third
notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np

from graph.geo import distance_m
from matcher.instance import Floats
from matcher.partners.standing import Standing
from matcher.partners.tally import State, Tally, count_places, places_of

SCALE: Final = 1_000_000
"""Scores are whole millionths, so that sums of them are exact."""

UNKNOWN_M: Final = 2_000
"""Metres that a distance counts as which nobody knows: unknown is neither near nor far."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each term counts for; by default they add up to 1.

    Raises
    ------
    ValueError
        If one is below zero.
    """

    gain: float = 0.25
    complement: float = 0.4
    distance: float = 0.25
    single_point: float = 0.04
    bridge: float = 0.02
    reciprocity: float = 0.03
    load: float = 0.01

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value >= 0:
                raise ValueError(f"the weight of {name} is {value}, but may not be below 0")


TERMS: Final = tuple(item.name for item in fields(Weights))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Terms of pairs of parties, and the numbers behind them.

    Attributes
    ----------
    ones, others : tuple of str
        Parties by row and by column.
    terms : dict of str to ndarray of float64, shape (ones, others)
        Each from 0 to 1.
    counts : dict of str to ndarray of float64
        `taken`, `given`: places that the other could serve of one's needs, and one of the other's.
        `could_gain`, `backed`: both ways. `lacked`: what both lack. `metres`: NaN where nobody knows.
        `ties`: pairings of the one and of the other, added up.
    score : ndarray of int64
        In millionths (`SCALE`).
    """

    ones: tuple[str, ...]
    others: tuple[str, ...]
    terms: dict[str, Floats]
    counts: dict[str, Floats]
    score: np.ndarray


def score_pairs(
    standing: Standing, state: State, ones: Sequence[str], others: Sequence[str], weights: Weights
) -> Table:
    """Score every pair of one of `ones` with one of `others`."""
    sides = [standing.side(party) for party in ones], [standing.side(party) for party in others]
    taking = count_places(standing.instance, state, *sides)
    giving = _turned(count_places(standing.instance, state, sides[1], sides[0]))
    asked = tuple(places_of(standing.instance, standing.instance.graph.need_quantity, side) for side in sides)
    lacked = tuple(places_of(standing.instance, state.lacks, side) for side in sides)
    hanging = tuple(
        places_of(standing.instance, np.where(state.only_unit >= 0, state.served, 0), side) for side in sides
    )
    ties = tuple(
        np.array([standing.pairings_of[party] for party in side], dtype=float) for side in (ones, others)
    )
    counts = {
        "taken": taking.fits,
        "given": giving.fits,
        "could_gain": taking.could_gain + giving.could_gain,
        "backed": taking.backed + giving.backed,
        "lacked": np.add.outer(*lacked),
        "metres": _metres(standing, ones, others),
        "ties": np.add.outer(*ties),
    }
    fewest, most = np.minimum(taking.fits, giving.fits), taking.fits + giving.fits
    metres = np.where(np.isnan(counts["metres"]), UNKNOWN_M, counts["metres"])
    terms = {
        "gain": gain_term(counts["could_gain"], counts["lacked"]),
        "complement": (_share(taking.fits, asked[0][:, None]) + _share(giving.fits, asked[1][None, :])) / 2,
        "distance": 1 / (1 + metres / 1000),
        "single_point": _share(counts["backed"], np.add.outer(*hanging)),
        "bridge": _bridge(standing, ones, others),
        "reciprocity": _share(2 * fewest, most),
        "load": np.add.outer(1 / (1 + ties[0]), 1 / (1 + ties[1])) / 2,
    }
    return Table(tuple(ones), tuple(others), terms, counts, add_up(terms, weights))


def need_each_other(
    standing: Standing, state: State, parties: Sequence[str]
) -> tuple[Floats, Floats, Floats]:
    """What every two of some parties could do for each other, without the rest of the score.

    Returns
    -------
    taken, complement, metres : ndarray of float64, shape (parties, parties)
        As in a `Table`; the last two are symmetric.
    """
    sides = [standing.side(party) for party in parties]
    taken = count_places(standing.instance, state, sides, sides).fits
    asked = places_of(standing.instance, standing.instance.graph.need_quantity, sides)
    share = _share(taken, asked[:, None])
    return taken, (share + share.T) / 2, _metres(standing, parties, parties)


def add_up(terms: dict[str, Floats], weights: Weights) -> np.ndarray:
    """Scores of terms in millionths."""
    total = sum(getattr(weights, name) * terms[name] for name in TERMS)
    return np.asarray(np.rint(np.asarray(total) * SCALE), dtype=np.int64)


def gain_term(places: Floats, lacked: Floats) -> Floats:
    """The term of a gain: its share of what both lack, at most 1; others may gain where both lack nothing."""
    return np.clip(places / np.maximum(lacked, 1), 0.0, 1.0)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)


def _turned(tally: Tally) -> Tally:
    return Tally(tally.fits.T, tally.could_gain.T, tally.backed.T)


def _metres(standing: Standing, ones: Sequence[str], others: Sequence[str]) -> Floats:
    here, there = (standing.parties.sites.take(standing.parties.rows_of(side)) for side in (ones, others))
    metres = distance_m(here.lon[:, None], here.lat[:, None], there.lon[None, :], there.lat[None, :])
    return np.asarray(metres, dtype=np.float64)


def _bridge(standing: Standing, ones: Sequence[str], others: Sequence[str]) -> Floats:
    places: list[list[Any]] = [[standing.place(party) for party in side] for side in (ones, others)]
    numbers = {
        name: [np.array([getattr(place, name) for place in side], dtype=np.int64) for side in places]
        for name in ("component", "community")
    }

    def differ(name: str) -> Floats:
        mine, theirs = numbers[name][0][:, None], numbers[name][1][None, :]
        return np.asarray((mine != theirs) | (mine < 0), dtype=np.float64)

    return (differ("component") + differ("community")) / 2
