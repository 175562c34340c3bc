"""The network: measures of it, pairings to propose, turns of duty."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.answers import send_kept
from api.context import InContext
from api.handlers import problem_responses
from api.schemas import Shape
from api.services.group import make_groups
from api.services.network import draw, take_measure
from api.services.pair import find_partners, propose
from api.services.rota import make_rota, read_days
from graph.measures.names import By, Kind, Measure
from graph.periods import this_year, today
from matcher.rota.problem import Every

router = APIRouter(prefix="/v1", tags=["network"])

AsOf = Annotated[date | None, Query(description="Only what is valid on that day.")]


class PartyValueShape(Shape):
    """A measure of one party; a value of null comes with its reason."""

    id: str
    name: str
    value: float | None


class WholeValueShape(Shape):
    """A measure of the whole; `z` is how far it lies from chance, in standard deviations."""

    measure: str
    value: float | None
    z: float | None
    status: str
    reason: str | None


@router.get(
    "/network",
    response_model=list[PartyValueShape] | WholeValueShape,
    responses=problem_responses("invalid"),
)
def get_measure(
    request: Request,
    context: InContext,
    measure: Measure,
    kind: Annotated[Kind, Query(description="Ties that make the network.")] = "pairings",
    by: Annotated[By, Query(description="Groups, for ei and brokerage.")] = "area",
    as_of: AsOf = None,
    seed: Annotated[int, Query(ge=0, le=2**32 - 1, description="For what is drawn.")] = 0,
) -> Response:
    """One measure of how the alliance is tied: the document of `linli network`, see docs/measures.md."""
    # Ages grow from day to day though the records stay.
    key = ("network", context.store.revision()[1], measure, kind, by, as_of or today(), as_of is None, seed)
    return send_kept(
        request,
        context.cache,
        key,
        lambda: take_measure(context.snapshot(), measure, kind=kind, by=by, as_of=as_of, seed=seed),
    )


class PicturePartyShape(Shape):
    """A party in the picture: `x` right and `y` up, in steps; community 1 is the largest."""

    id: str
    name: str
    table: str | None
    kind: str | None
    x: float
    y: float
    community: int | None
    alliances: list[str]


class PictureShape(Shape):
    """The network as a picture; a tie has the rows of two parties and its weight, strongest first."""

    kind: str
    as_of: date | None
    seed: int
    ties_zh: str
    ties_en: str
    parties: list[PicturePartyShape]
    ties: list[tuple[int, int, float]]
    ties_total: int
    names: dict[str, str]


@router.get("/network/picture", response_model=PictureShape, responses=problem_responses("invalid"))
def get_picture(
    request: Request,
    context: InContext,
    kind: Annotated[Kind, Query(description="Ties that make the network.")] = "pairings",
    as_of: AsOf = None,
    seed: Annotated[int, Query(ge=0, le=2**32 - 1, description="For places and communities.")] = 0,
) -> Response:
    """Who is tied to whom, with a place for each party: the same seed draws the same picture."""
    key = ("picture", context.store.revision()[1], kind, as_of, seed)
    return send_kept(
        request, context.cache, key, lambda: draw(context.snapshot(), kind=kind, as_of=as_of, seed=seed)
    )


class ReasonShape(Shape):
    """What speaks for a pairing."""

    reason: str
    value: float | None
    text: str
    text_en: str


class PartnerShape(Shape):
    """A party to pair with; the gain is that of solving again."""

    party: str
    name: str
    score: float
    reasons: list[ReasonShape]
    gain_places: int


class ProposalShape(Shape):
    """The best set of new pairings, and what all of them gain together."""

    most: int
    pairs: list[dict[str, Any]]
    score: float
    status: str
    gain_places: int


@router.get(
    "/pair",
    response_model=list[PartnerShape] | ProposalShape,
    responses=problem_responses("invalid", "not-found", "ambiguous"),
)
def list_partners(
    request: Request,
    context: InContext,
    party: Annotated[
        str | None,
        Query(
            alias="for", max_length=200, description="Id or name of a party; absent: the best set for all."
        ),
    ] = None,
    top: Annotated[int, Query(ge=1, le=100, description="Most partners of one party.")] = 10,
    most: Annotated[int, Query(ge=1, le=20, description="Most new pairings of each party, for all.")] = 1,
    as_of: AsOf = None,
) -> Response:
    """Whom to pair next: the document of `linli pair`."""
    # The round is this calendar year, so that the answer changes with it.
    key = ("pair", context.store.revision()[1], party, top, most, as_of or this_year().id)

    def make() -> list[dict[str, Any]] | dict[str, Any]:
        if party is None:
            return propose(context.snapshot(), most=most, as_of=as_of)
        return find_partners(context.store, context.snapshot(), party, top=top, as_of=as_of)

    return send_kept(request, context.cache, key, make)


class GroupsShape(Shape):
    """Groups of parties, each with the group of today that it `continues`; `today` judges those alike.

    `limits` are the least and most parties of a group asked for; `reasons` say why groups don't all hang
    together or aren't as even. `moves` are all whose group doesn't continue theirs; `from` is null where they
    belong to none today.
    """

    body: str | None
    beside: str
    as_of: date | None
    status: str
    affinity: float
    bound: float
    sizes: list[int]
    connected: bool
    complement: float
    distance_m: float | None
    limits: list[int]
    reasons: list[ReasonShape]
    groups: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    today: dict[str, Any] | None


@router.get(
    "/group", response_model=GroupsShape, responses=problem_responses("invalid", "not-found", "ambiguous")
)
def get_groups(
    request: Request,
    context: InContext,
    into: Annotated[int, Query(ge=1, le=100, description="How many groups.")],
    body: Annotated[
        str | None, Query(max_length=200, description="An alliance, whose members are grouped; absent: all.")
    ] = None,
    beside: Annotated[
        Literal["alliance", "branch", "area"], Query(description="Today's groups, to compare with.")
    ] = "alliance",
    slack: Annotated[int, Query(ge=0, le=100, description="Sizes differ from an even share by so many.")] = 1,
    step_m: Annotated[float, Query(ge=0, le=1e7, description="Metres that two hang together by.")] = 2000,
    seed: Annotated[int, Query(ge=0, le=2**32 - 1, description="For what is drawn.")] = 0,
    as_of: AsOf = None,
) -> Response:
    """Even groups of parties that are near and of use to each other: the document of `linli group`."""
    day = as_of or this_year().id
    key = ("group", context.store.revision()[1], into, body, beside, slack, step_m, seed, day)
    return send_kept(
        request,
        context.cache,
        key,
        lambda: make_groups(
            context.store, into=into, body=body, beside=beside, slack=slack, step_m=step_m, seed=seed,
            as_of=as_of,
        ),
    )  # fmt: skip


class RotaShape(Shape):
    """Turns of duty; where they are impossible, the rules that can't be kept together."""

    body: str
    name: str
    status: str
    gap: int | None
    turns: list[dict[str, Any]]
    load: list[dict[str, Any]]
    conflict: dict[str, Any] | None


@router.get(
    "/rota", response_model=RotaShape, responses=problem_responses("invalid", "not-found", "ambiguous")
)
def get_rota(
    request: Request,
    context: InContext,
    body: Annotated[
        str | None, Query(max_length=200, description="An alliance; absent: the largest.")
    ] = None,
    every: Annotated[Every, Query(description="Length of a turn.")] = "month",
    gap: Annotated[int | None, Query(ge=0, le=366, description="Turns between two of one member.")] = None,
    by_area: Annotated[bool, Query(description="Each area has one of its own on duty.")] = False,
    equal: Annotated[bool, Query(description="All take alike, instead of by capacity.")] = False,
    away: Annotated[list[str] | None, Query(max_length=100, description="PARTY:FROM..TO.")] = None,
    first: Annotated[date | None, Query(alias="from", description="First day; absent: of this year.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day; absent: of that year.")] = None,
) -> Response:
    """Turns of duty of an alliance: the document of `linli rota`."""
    period = read_days(first, last)
    key = ("rota", context.store.revision()[1], body, every, gap, by_area, equal, tuple(away or ()), period)
    return send_kept(
        request,
        context.cache,
        key,
        lambda: make_rota(
            context.store, body=body, period=period, every=every, gap=gap, by_area=by_area, equal=equal,
            away=away or (),
        ),
    )  # fmt: skip
