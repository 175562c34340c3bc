"""A small town with gaps, and what becomes of records when an action is taken."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from graph.model import Area, Branch, Membership, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST

RULES = Rules(period=Period(FIRST, LAST))


def at(metres: float) -> dict[str, float]:
    return {"lon": 121.45 + metres / 95_156, "lat": 31.25}


TOWN = [
    Area(id="n1", name="梧桐", **at(0)),
    Area(id="n2", name="香樟", **at(4000)),
    Unit(id="u1", name="维修队", area="n1", kind="社会组织", **at(0)),
    Unit(id="u2", name="卫生站", area="n1", **at(100)),
    Unit(id="u3", name="新维修社", area="n2", kind="社会组织", **at(4100)),
    Unit(id="u4", name="老维修社", area="n1", kind="社会组织", **at(0)),
    Membership(id="m", alliance="al", party="u1"),
    Branch(id="b", name="b", units=("u1",)),
    Offer(id="o1", unit="u1", title="上门维修", category="repair", capacity=4, reach_m=1500.0),
    Offer(id="o4", unit="u4", title="修理", category="repair", capacity=4, reach_m=1500.0),
    Offer(id="o2", unit="u2", title="量血压", category="health", reach_m=1500.0),
    Need(id="a", category="repair", quantity=3, area="n1", priority=1, **at(50)),
    Need(id="b", category="repair", quantity=2, area="n2", **at(3800)),
    Need(id="c", category="health", quantity=3, area="n1", **at(60)),
    Need(id="d", category="education", quantity=2, area="n1", priority=2, **at(70)),
]


def solved(records):
    """The match of some records."""
    return match(Snapshot.from_records(records), RULES)


def with_action(records, action):
    """Records as they would be."""
    changed = {record.id: record for record in records if isinstance(record, Offer)}
    others = [record for record in records if not isinstance(record, Offer)]
    if action.kind in ("more_capacity", "ask_capacity"):
        if action.of_unit:
            return [
                replace(r, capacity=r.capacity + action.places)
                if isinstance(r, Unit) and r.id == action.unit
                else r
                for r in records
            ]
        return None
    for proposed in action.offers:
        if proposed.beside is None:
            changed[proposed.record.id] = proposed.record
        elif action.kind == "wider_reach":
            changed[proposed.beside] = replace(changed[proposed.beside], reach_m=proposed.record.reach_m)
        elif action.kind == "new_pairing":
            changed[proposed.beside] = replace(
                changed[proposed.beside], reach_areas=proposed.record.reach_areas
            )
        else:
            return None
    return [*others, *changed.values()]


def served(made):
    """Places served of each priority."""
    return tuple(made.places.solution.served_by_priority.values())


def of_needs(made):
    """Places served of each need, by its id."""
    places = made.places
    return dict(zip(places.instance.demand.ids.tolist(), places.solution.served.tolist(), strict=True))


def short_town(seed: int, *, wholes: int = 0):
    """More wanted than there is, of one kind; units give less in all than their offers could."""
    draw = Random(seed)
    spots = [at(metres) for metres in (0, 900, 1800)]
    return [
        Area(id="n1", name="梧桐", **at(0)),
        *(
            Unit(id=f"u{k}", name=f"u{k}", area="n1", capacity=draw.choice([4, 6, None]), **spots[k % 3])
            for k in range(3)
        ),
        *(
            Offer(
                id=f"o{k}", unit=f"u{k % 3}", category="repair", capacity=draw.randint(1, 5), reach_m=1000.0
            )
            for k in range(6)
        ),
        *(
            Need(
                id=f"n{k}", category="repair", quantity=draw.randint(1, 6), priority=draw.randint(1, 5),
                area="n1", whole=k < wholes, **draw.choice(spots),
            )
            for k in range(7)
        ),
    ]  # fmt: skip


def split(made) -> tuple[int, int]:
    """Places of needs that are served, and units of projects."""
    served, of_project = made.places.solution.served, made.places.instance.demand.is_project
    return int(served[~of_project].sum()), int(served[of_project].sum())
