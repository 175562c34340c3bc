"""What an offer keeps of where its holders could go: the nearest steps to other offers.

A step is the least extra cost at which one of the holders could be at another offer. Steps keep how far they
led at the prices when they were laid, and what prices have risen and fallen by since says how much nearer any
may be now. A holder that leaves takes its steps along: they stay as marks that something may be there, and
are laid anew if a search comes to one. A holder that comes brings its own.
"""

from __future__ import annotations

from graph.compiled import compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at

_FEW_FAR = 100
"""Where more offers became much cheaper, finding all who could go there takes longer than it saves."""


@compiled_part
def find_nearer(meta: IntArray, o: int) -> int:
    """Give by how much at most any step of an offer came nearer since they were laid."""
    hop = at.hops_of(meta)
    risen = at.offer_price_of(meta)[o] - hop[o, at.LAID_PRICE]
    nearer: int = risen + meta[at.FALLEN] - hop[o, at.LAID_FALLEN]
    return nearer


@compiled_part
def forget_steps_to(meta: IntArray, o: int) -> None:
    """Forget the steps of offers whose holders could go to an offer that is cheaper than they count on."""
    need, offer, entry, pair = at.needs_of(meta), at.offers_of(meta), at.entries_of(meta), at.pairs_of(meta)
    edge_flow, hop = at.edge_flow_of(meta), at.hops_of(meta)
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
        n = entry[k, at.ENTRY_NEED]
        served, e = need[n, at.SERVED], need[n, at.START]
        while served > 0:
            if edge_flow[e] > 0:
                served -= edge_flow[e]
                hop[pair[e, at.OFFER], at.LAID] = at.NO
            e += 1


@compiled_part
def note_cheaper(meta: IntArray) -> None:
    """Tell steps of offers that became cheaper: forget those to offers that fell far, trust others less."""
    hop, cheaper = at.hops_of(meta), at.cheaper_of(meta)
    far, fallen, most = 0, 0, 0
    for k in range(meta[at.CHEAPER]):
        fell = hop[cheaper[k], at.FELL]
        most = max(most, fell)
        if 4 * fell > hop[cheaper[k], at.REACH]:
            far += 1
        else:
            fallen = max(fallen, fell)
    for k in range(meta[at.CHEAPER]):
        o = cheaper[k]
        if far <= _FEW_FAR and 4 * hop[o, at.FELL] > hop[o, at.REACH]:
            forget_steps_to(meta, o)
        hop[o, at.FELL] = 0
    meta[at.CHEAPER] = 0
    meta[at.FALLEN] += fallen if far <= _FEW_FAR else most
    if meta[at.FALLEN] > at.FAR:
        meta[at.FALLEN] = 0
        for o in range(meta[at.OFFERS]):
            hop[o, at.LAID] = at.NO


@compiled_part
def join_steps(meta: IntArray, n: int, o: int, held: int) -> None:
    """Add the steps of a need that comes to an offer, if steps are laid there."""
    need, pair, hop = at.needs_of(meta), at.pairs_of(meta), at.hops_of(meta)
    if meta[at.CHEAPER] > 0:
        # What steps are known to be no nearer than isn't so until `note_cheaper` has told them.
        hop[o, at.LAID] = at.NO
    if hop[o, at.LAID] == at.NO:
        return
    offer_price, own = at.offer_price_of(meta), pair[held, at.COST]
    unserved = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE] - own
    if unserved < hop[o, at.QUIT]:
        hop[o, at.QUIT] = unserved
        hop[o, at.QUIT_EDGE] = held
    # As far as these would have been away when the others were laid: never farther than they are now.
    base = find_nearer(meta, o) - own - offer_price[o]
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        other = pair[e, at.OFFER]
        if e != held and offer_price[other] < at.FAR:
            away = base + pair[e, at.COST] + offer_price[other]
            put_step(meta, o, away, pair[e, at.COST] - own, other, e)


@compiled_part
def put_step(meta: IntArray, o: int, away: int, cost: int, other: int, e: int) -> None:
    """Put a step in its place among those of an offer, unless one that is as near leads there."""
    hop, step, first = at.hops_of(meta), at.steps_of(meta), o * at.STEPS
    count, here = hop[o, at.HOP_COUNT], first
    while here < first + count and step[here, at.STEP_OFFER] != other:
        here += 1
    if here < first + count:
        is_mark = step[here, at.STEP_EDGE] < 0
        if step[here, at.STEP_AWAY] < away if is_mark else step[here, at.STEP_COST] <= cost:
            return
        away = min(away, step[here, at.STEP_AWAY])
    elif away >= hop[o, at.REACH]:
        return
    elif count < at.STEPS:
        hop[o, at.HOP_COUNT] += 1
    else:
        here -= 1
        if step[here, at.STEP_AWAY] <= away:
            hop[o, at.REACH] = away
            return
        hop[o, at.REACH] = step[here, at.STEP_AWAY]
    while here > first and step[here - 1, at.STEP_AWAY] > away:
        for column in range(at.STEP_COLUMNS):
            step[here, column] = step[here - 1, column]
        here -= 1
    step[here, at.STEP_AWAY] = away
    step[here, at.STEP_COST] = cost
    step[here, at.STEP_OFFER] = other
    step[here, at.STEP_EDGE] = e


@compiled_part
def leave_steps(meta: IntArray, o: int, held: int) -> None:
    """Mark the steps of a need that leaves an offer."""
    hop, step = at.hops_of(meta), at.steps_of(meta)
    n = at.edges_of(meta)[held, at.NEED]
    start = at.needs_of(meta)[n, at.START]
    end = start + at.needs_of(meta)[n, at.DEGREE]
    if hop[o, at.QUIT_EDGE] == held:
        hop[o, at.LAID] = at.NO
    if hop[o, at.LAID] == at.NO:
        return
    for k in range(o * at.STEPS, o * at.STEPS + hop[o, at.HOP_COUNT]):
        if start <= step[k, at.STEP_EDGE] < end:
            step[k, at.STEP_EDGE] = -1


@compiled_part
def find_quit(meta: IntArray, o: int) -> None:
    """Find what leaving one of an offer's holders unserved costs at least, beyond the offer's price."""
    need, offer, entry, hop = at.needs_of(meta), at.offers_of(meta), at.entries_of(meta), at.hops_of(meta)
    hop[o, at.QUIT] = at.UNSEEN
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
        unserved = need[entry[k, at.ENTRY_NEED], at.WEIGHT] * meta[at.LEVEL_PRICE] - entry[k, at.ENTRY_COST]
        if unserved < hop[o, at.QUIT]:
            hop[o, at.QUIT] = unserved
            hop[o, at.QUIT_EDGE] = entry[k, at.ENTRY_EDGE]


@compiled_part
def gather_steps(meta: IntArray, o: int, reach: int) -> int:
    """List each offer that a holder could go to for less than `reach`, and how; give how many there are."""
    need, offer, entry, pair = at.needs_of(meta), at.offers_of(meta), at.entries_of(meta), at.pairs_of(meta)
    offer_price, need_second, edge_flow = (
        at.offer_price_of(meta),
        at.need_second_of(meta),
        at.edge_flow_of(meta),
    )
    found, spot, count = at.found_of(meta), at.spots_of(meta), 0
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
        n, held, own = entry[k, at.ENTRY_NEED], entry[k, at.ENTRY_EDGE], entry[k, at.ENTRY_COST]
        base = -own - offer_price[o]
        if base + need_second[n] >= reach:
            continue
        second = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE]
        for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
            cost = pair[e, at.COST]
            if base + cost >= reach:
                second = min(second, cost)
                break
            if e == held:
                continue
            other = pair[e, at.OFFER]
            way = cost + offer_price[other]
            second = min(second, way)
            if base + way >= reach or way >= at.FAR:
                continue
            here = spot[other]
            if here < 0:
                here = count
                count += 1
                spot[other] = here
                found[here, at.STEP_OFFER] = other
            elif base + way >= found[here, at.STEP_AWAY]:
                continue
            found[here, at.STEP_AWAY] = base + way
            found[here, at.STEP_COST] = cost - own
            found[here, at.STEP_EDGE] = e
        if edge_flow[held] == need[n, at.SERVED]:
            need_second[n] = second
    for here in range(count):
        spot[found[here, at.STEP_OFFER]] = -1
    return count


@compiled_part
def keep_nearest(meta: IntArray, count: int) -> int:
    """Keep the nearer of the steps that were listed; give how many, and in `FOUND_REACH` how far."""
    found, least, beyond, kept = at.found_of(meta), at.UNSEEN, 0, 0
    for k in range(count):
        least = min(least, found[k, at.STEP_AWAY])
    for k in range(count):
        beyond += found[k, at.STEP_AWAY] - least
    # Not farther than they are on average.
    reach = least + beyond // count + 1
    for k in range(count):
        if found[k, at.STEP_AWAY] < reach:
            for column in range(at.STEP_COLUMNS):
                found[kept, column] = found[k, column]
            kept += 1
    if kept == count:
        # All are equally far: none can be told from the others.
        reach, kept = least, 0
    meta[at.FOUND_REACH] = reach
    return kept


@compiled_part
def lay_steps(meta: IntArray, o: int) -> None:
    """Lay out the nearest steps of an offer, as many as its block can hold, and how far they reach."""
    hop, step, found = at.hops_of(meta), at.steps_of(meta), at.found_of(meta)
    if hop[o, at.LAID] == at.NO:
        find_quit(meta, o)
    # The first time as far as there are pairs, then about as far as the last time.
    reach = at.FAR
    if 0 < hop[o, at.REACH] < at.FAR:
        reach = hop[o, at.REACH] + hop[o, at.REACH] // (8 if hop[o, at.HOP_COUNT] > at.STEPS // 2 else 1)
    count = gather_steps(meta, o, reach)
    while count > at.STEPS:
        count = keep_nearest(meta, count)
        reach = min(reach, meta[at.FOUND_REACH])
    first = o * at.STEPS
    for k in range(count):
        here = first + k
        while here > first and step[here - 1, at.STEP_AWAY] > found[k, at.STEP_AWAY]:
            for column in range(at.STEP_COLUMNS):
                step[here, column] = step[here - 1, column]
            here -= 1
        for column in range(at.STEP_COLUMNS):
            step[here, column] = found[k, column]
    hop[o, at.HOP_COUNT] = count
    hop[o, at.REACH] = reach
    hop[o, at.LAID] = at.YES
    hop[o, at.LAID_PRICE] = at.offer_price_of(meta)[o]
    hop[o, at.LAID_FALLEN] = meta[at.FALLEN]
