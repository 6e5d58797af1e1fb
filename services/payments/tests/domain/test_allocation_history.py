"""Whose money settles an invoice: the latest leaves first, and what is undone finds its own (PAY-5)."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from ledger_model import Coins
from payments.domain.allocation_history import Change, Owners, replayed, taken_by

PLACE = (UUID(int=1), UUID(int=2), None)
OTHER = (UUID(int=1), UUID(int=3), None)
ANN, BEN, CAT = UUID(int=21), UUID(int=22), UUID(int=23)
STEPS = st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.none() | st.integers(1, 30)), max_size=30)


def change(number: int, minor: int, undone: int | None = None) -> Change:
    return Change(PLACE, UUID(int=number), ANN, minor, None if undone is None else UUID(int=undone))


def left(*changes: Change) -> dict[int, int]:
    return {who.int: minor for who, minor in replayed(changes)[PLACE].parts.items()}


def test_what_settled_last_leaves_first() -> None:
    assert left(change(1, 50), change(2, 30), change(3, -40)) == {1: 40, 2: 0}


def test_what_is_undone_leaves_before_what_came_later() -> None:
    assert left(change(1, 50), change(2, 30), change(3, -50, 1)) == {1: 0, 2: 30}


def test_a_refund_that_is_undone_puts_back_where_it_took() -> None:
    """Also where something was settled since, and where only a part finds room."""
    assert left(change(1, 50), change(2, 30), change(3, -40), change(4, 5), change(5, 40, 3)) == {1: 50, 2: 30, 4: 5}
    assert left(change(1, 50), change(2, 30), change(3, -40), change(5, 15, 3)) == {1: 50, 2: 5}


def test_where_only_a_part_finds_room_what_came_first_is_put_back_first() -> None:
    """Also where it had been taken first, as it was what was undone."""
    steps = (change(1, 1), change(2, 2), change(3, -1), change(6, -2, 1), change(7, 1, 6))
    assert left(*steps) == {1: 1, 2: 0}


def owners(*changes: Change) -> Owners:
    return Owners.of(replayed(changes), UUID(int=1))


def test_what_is_set_free_is_of_whoevers_it_was_the_latest_first() -> None:
    """PAY-21: Ann pays 50, Ben's credit of the same payment settles 30 more, then Ann's 10."""
    found = owners(change(1, 50), Change(PLACE, UUID(int=2), BEN, 30), change(3, 10))
    assert [found.latest(PLACE[1:], minor) for minor in (5, 25, 60)] == [
        {ANN: 5},
        {ANN: 10, BEN: 15},
        {ANN: 30, BEN: 30},
    ]
    found.follow(PLACE[1:], -35, ANN)
    found.follow(PLACE[1:], 4, CAT)
    assert found.latest(PLACE[1:], 20) == {CAT: 4, BEN: 5, ANN: 11}
    assert found.patients == {ANN, BEN, CAT}


def test_what_moves_brought_is_of_whoevers_it_was_part_by_part() -> None:
    """PAY-13: Ann's 20 and Ben's 30 are moved together, 30 is set free there, then the rest: each cent once."""
    steps = [change(1, 20), Change(PLACE, UUID(int=2), BEN, 30)]
    steps += [Change(OTHER, UUID(int=3), ANN, 50), Change(PLACE, UUID(int=3), ANN, -50)]
    assert owners(*steps).latest(OTHER[1:], 40) == {BEN: 30, ANN: 10}
    steps.append(Change(OTHER, UUID(int=4), BEN, -30))
    assert owners(*steps).latest(OTHER[1:], 20) == {ANN: 20}
    steps += [Change(OTHER, UUID(int=5), ANN, -15), Change(PLACE, UUID(int=5), ANN, 15)]
    assert owners(*steps).latest(PLACE[1:], 15) == {ANN: 15}


def test_a_move_that_is_undone_puts_each_ones_back() -> None:
    steps = [change(1, 20), Change(PLACE, UUID(int=2), BEN, 30)]
    steps += [Change(PLACE, UUID(int=3), ANN, -40), Change(OTHER, UUID(int=3), ANN, 40)]
    undone = UUID(int=3)
    steps += [Change(OTHER, UUID(int=4), ANN, -40, undone), Change(PLACE, UUID(int=4), ANN, 40, undone)]
    assert owners(*steps).latest(PLACE[1:], 50) == {BEN: 30, ANN: 20}


def test_what_a_refund_took_says_whose_it_was_what_finds_room_again_first() -> None:
    steps = [change(1, 20), Change(PLACE, UUID(int=2), BEN, 30), change(3, -40)]
    assert taken_by(replayed(steps), UUID(int=1), UUID(int=3)) == {PLACE[1:]: [(ANN, 10), (BEN, 30)]}
    back = replayed([*steps, change(4, 25, undone=3)])
    assert Owners.of(back, UUID(int=1)).latest(PLACE[1:], 35) == {BEN: 15, ANN: 20}


@given(STEPS)
def test_any_changes_leave_what_coins_in_a_pile_would(steps: list[tuple[bool, int, int | None]]) -> None:
    """Against a pile of coins, each with the number of who laid it there."""
    coins, done = Coins(), []
    for number, (comes, wanted, undone) in enumerate(steps, 1):
        there = len(coins.there.get(PLACE, []))
        minor = wanted if comes else min(wanted, there)
        if minor == 0:
            continue
        (coins.put if comes else coins.take)(PLACE, number, minor, undone)
        done.append(change(number, minor if comes else -minor, undone))
        found = replayed(done)[PLACE]
        assert {who.int: minor for who, minor in found.parts.items() if minor} == {
            who: coins.left(PLACE, who) for who in set(coins.there[PLACE])
        }
        taken = {who.int: {of.int: n for of, n in by.items()} for who, by in found.taken.items()}
        assert {who: sum(by.values()) for who, by in taken.items()} == {
            who: len(by) for who, by in coins.taken.get(PLACE, {}).items()
        }
