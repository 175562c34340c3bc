"""Where stations should stand: optima that the literature states, of problems that a few lines make."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from matcher.sites import SitePlan, maximal_cover, p_center, p_median, set_cover


def check(plan: SitePlan, value: float) -> None:
    assert (plan.value, plan.bound, plan.status) == (value, value, "optimal")


def words(size: int, letters: int) -> np.ndarray:
    """All words of so many letters; differences between them are distances (Hamming 1950)."""
    every = np.array(list(itertools.product(range(letters), repeat=size)))
    return (every[:, None] != every[None]).sum(axis=2).astype(float)


def grid(rows: int, columns: int) -> np.ndarray:
    """Steps between the squares of a board."""
    place = np.array(list(itertools.product(range(rows), range(columns))))
    return np.abs(place[:, None] - place[None]).sum(axis=2).astype(float)


def queens(size: int) -> np.ndarray:
    """Moves of a queen from square to square."""
    place = np.array(list(itertools.product(range(size), repeat=2)))
    down, across = (place[:, None] - place[None]).transpose(2, 0, 1)
    seen = (down == 0) | (across == 0) | (np.abs(down) == np.abs(across))
    return np.where(seen, 1.0, 2.0) - np.eye(size * size)


def lines(size: int, q: int, *, projective: bool) -> np.ndarray:
    """Lines by the points on them: of the affine or the projective space over a prime field."""
    every = np.array(list(itertools.product(range(q), repeat=size + projective)))
    if projective:
        # Of each point the vector whose first digit that isn't 0 is 1.
        some = every[every.any(axis=1)]
        every = some[some[np.arange(len(some)), (some != 0).argmax(axis=1)] == 1]
    at = {tuple(point): number for number, point in enumerate(every.tolist())}
    found = set()
    for one, other in itertools.combinations(every, 2):
        if projective:
            mixed = [(a * one + b * other) % q for a in range(q) for b in range(q) if a or b]
            members = {at[tuple(point)] for point in map(np.ndarray.tolist, mixed) if tuple(point) in at}
        else:
            members = {at[tuple(((one + a * (other - one)) % q).tolist())] for a in range(q)}
        found.add(frozenset(members))
    table = np.zeros((len(found), len(every)), bool)
    for number, members in enumerate(found):
        table[number, list(members)] = True
    return table


@pytest.mark.parametrize(("size", "fewest"), [(2, 5), (3, 18)])
def test_points_that_meet_every_triple_of_steiner(size: int, fewest: int) -> None:
    """The covers A9 and A27 of Fulkerson, Nemhauser & Trotter (1974), Mathematical Programming Study 2.

    Their systems of triples are the lines of the affine spaces over three elements, and what such a cover
    leaves out are the largest caps of these: 4 of 9 points and 9 of 27.
    """
    check(set_cover(lines(size, 3, projective=False)), fewest)


@pytest.mark.parametrize(("size", "q", "fewest"), [(2, 2, 3), (2, 5, 6), (3, 2, 7), (3, 3, 13)])
def test_points_that_meet_every_line_are_a_hyperplane(size: int, q: int, fewest: int) -> None:
    """Bose & Burton (1966), Journal of Combinatorial Theory 1, 96-104: no fewer than a hyperplane has."""
    check(set_cover(lines(size, q, projective=True)), fewest)


@pytest.mark.parametrize(("size", "fewest"), [(5, 3), (6, 3), (7, 4), (8, 5), (9, 5)])
def test_queens_that_reach_every_square(size: int, fewest: int) -> None:
    """De Jaenisch (1862) for five queens on a chessboard; Cockayne (1990), Discrete Mathematics 86, 13-20."""
    check(set_cover(queens(size) <= 1), fewest)
    check(p_center(queens(size), fewest), 1)
    check(p_center(queens(size), fewest - 1), 2)


@pytest.mark.parametrize("columns", [5, 7, 10, 13])
def test_grids_of_two_three_and_four_rows_are_dominated_by_so_many(columns: int) -> None:
    """Jacobson & Kinch (1983), Ars Combinatoria 18, 33-44: closed forms of grids' domination numbers."""
    fewest = {
        2: (columns + 2) // 2,
        3: (3 * columns + 4) // 4,
        4: columns + (columns in (1, 2, 3, 5, 6, 9)),
    }
    for rows, number in fewest.items():
        steps = grid(rows, columns)
        check(set_cover(steps <= 1), number)
        check(p_center(steps, number), 1)
        check(p_center(steps, number - 1), 2)
        # Whoever isn't at a site goes one step at least, and no more where the sites dominate.
        check(p_median(steps, np.ones(len(steps)), number), len(steps) - number)


@pytest.mark.parametrize(("size", "fewest"), [(6, 10), (7, 12), (8, 16)])
def test_square_grids_are_dominated_by_so_many(size: int, fewest: int) -> None:
    """Alanko, Crevals, Isopoussu, Ostergard & Pettersson (2011), Electronic J. Combinatorics 18, P141.

    The general form, from 16 rows on, is that of Goncalves, Pinlou, Rao & Thomasse (2011), SIAM Journal on
    Discrete Mathematics 25, 1443-1453.
    """
    check(set_cover(grid(size, size) <= 1), fewest)


@pytest.mark.parametrize(
    ("size", "letters", "radius", "fewest"),
    [
        (4, 2, 1, 4),
        (5, 2, 1, 7),
        (7, 2, 1, 16),
        (6, 2, 1, 12),
        (6, 2, 2, 4),
        (7, 2, 3, 2),
        (3, 3, 1, 5),
        (4, 3, 1, 9),
    ],
)
def test_words_within_so_many_letters_of_all(size: int, letters: int, radius: int, fewest: int) -> None:
    """Covering codes, the football pools among them (three letters); the tables of Cohen, Honkala, Litsyn &
    Lobstein (1997), Covering Codes, North-Holland.
    """
    apart = words(size, letters)
    check(set_cover(apart <= radius), fewest)
    check(p_center(apart, fewest), radius)
    fewer = p_center(apart, fewest - 1)
    assert fewer.bound > radius


@pytest.mark.parametrize(("size", "letters", "code"), [(7, 2, 16), (4, 3, 9)])
def test_balls_of_a_perfect_code_overlap_nowhere(size: int, letters: int, code: int) -> None:
    """Hamming (1950), Bell System Technical Journal 29, 147-160; Golay (1949), Proc. of the IRE 37, 657.

    So many words of a perfect code cover their balls in full, and all words pay one step at most.
    """
    apart, every = words(size, letters), np.ones(letters**size)
    ball = 1 + size * (letters - 1)
    assert ball * code == len(every)
    for p in (1, code // 2, code - 1, code):
        check(maximal_cover(apart <= 1, every, p), p * ball)
    check(p_median(apart, every, code), len(every) - code)


@pytest.mark.parametrize("q", [3, 5])
def test_points_of_one_line_meet_most_lines(q: int) -> None:
    """In a projective plane p points, up to a line's q + 1, meet p q + 1 lines at most, as p of one line do.

    Any two points share a line, so that each further one meets q new lines at most; q + 1 meet all (Bose &
    Burton 1966).
    """
    cover = lines(2, q, projective=True)
    for p in (1, 2, q, q + 1):
        check(maximal_cover(cover, np.ones(len(cover)), p), p * q + 1)


@pytest.mark.parametrize(("v", "k", "fewest"), [(6, 3, 6), (7, 3, 7), (8, 4, 6), (9, 3, 12)])
def test_blocks_that_hold_every_pair(v: int, k: int, fewest: int) -> None:
    """Covering numbers C(v, k, 2): Fort & Hedlund (1958), Pacific J. Mathematics 8, 709-719, for triples;
    Mills (1979), Discrete Mathematics and its Applications, for blocks of four.
    """
    pairs = list(itertools.combinations(range(v), 2))
    blocks = [set(block) for block in itertools.combinations(range(v), k)]
    check(set_cover(np.array([[set(pair) <= block for block in blocks] for pair in pairs])), fewest)


@pytest.mark.parametrize("steps", [3, 5])
def test_two_rows_cover_what_the_greedy_rule_takes_many_for(steps: int) -> None:
    """Johnson (1974), Journal of Computer and System Sciences 9, 256-278: the greedy rule's worst covers."""
    column = np.repeat(np.arange(steps), 2 ** np.arange(1, steps + 1))
    half = np.concatenate([np.arange(2**n) % 2 for n in range(1, steps + 1)])
    cover = np.column_stack([*(column == one for one in range(steps)), half == 0, half == 1])
    check(set_cover(cover), 2)
    check(maximal_cover(cover, np.ones(len(cover)), 2), len(cover))


@pytest.mark.parametrize(("size", "p"), [(12, 1), (12, 4), (17, 3), (20, 6), (23, 5)])
def test_sites_round_a_ring_stand_evenly(size: int, p: int) -> None:
    """Rings fall into p stretches of nearly one length m: each pays floor(m^2 / 4), none goes over m / 2.

    The median and the center of a stretch are its middle (Hakimi 1964, Operations Research 12, 450-459;
    Goldman 1971, Transportation Science 5, 212-221).
    """
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    around = np.minimum(steps, size - steps).astype(float)
    lengths = [size // p + (one < size % p) for one in range(p)]
    check(p_median(around, np.ones(size), p), sum(m * m // 4 for m in lengths))
    check(p_center(around, p), max(lengths) // 2)


@pytest.mark.parametrize(("size", "p"), [(9, 1), (10, 3), (22, 4), (25, 7)])
def test_sites_along_a_road_stand_evenly(size: int, p: int) -> None:
    """The same along a road, whose center with p sites is that of Kariv & Hakimi (1979), SIAM Journal on
    Applied Mathematics 37, 513-538, for trees.
    """
    along = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(float)
    lengths = [size // p + (one < size % p) for one in range(p)]
    check(p_median(along, np.ones(size), p), sum(m * m // 4 for m in lengths))
    check(p_center(along, p), max(lengths) // 2)
