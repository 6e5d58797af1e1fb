"""A batch of mixed types becomes few runs, and each key's messages stay in order."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.messaging import Message
from chassis.messaging.inbound import _parted
from chassis.messaging.waves import waves_of
from hypothesis import given
from hypothesis import strategies as st


def message(number: int, key: str, kind: str) -> Message:
    return Message(
        f"e{number}", kind, "", "", UUID(int=1), number, datetime(2026, 1, 1, tzinfo=UTC), key, "t", 0, number, b"{}"
    )


BATCHES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=40).map(
    lambda pairs: [message(number, key, kind) for number, (key, kind) in enumerate(pairs)]
)


@given(BATCHES)
def test_every_message_is_in_one_run_of_its_type_and_its_keys_order_is_kept(batch: list[Message]) -> None:
    """ALL-7."""
    runs = waves_of(batch)
    flat = [m for run in runs for m in run]
    assert sorted(m.offset for m in flat) == [m.offset for m in batch]
    assert all(len({m.type for m in run}) == 1 for run in runs)
    for key in {m.key for m in batch}:
        assert [m for m in flat if m.key == key] == [m for m in batch if m.key == key]


def test_a_thousand_visits_of_the_same_shape_become_two_runs() -> None:
    batch = [message(i, f"patient-{i // 3}", "completed" if i % 3 < 2 else "closed") for i in range(3000)]
    assert [run[0].type for run in waves_of(batch)] == ["completed", "closed"]


@given(BATCHES, st.data())
def test_parting_a_batch_keeps_each_keys_order(batch: list[Message], data: st.DataObject) -> None:
    """ALL-7: what precedes the message at fault of its key is handled before it is set aside, the rest after."""
    named = data.draw(st.lists(st.sampled_from(batch), unique=True)) if batch else []
    before, culprits, rest = _parted(batch, named)
    assert sorted(m.offset for m in before + culprits + rest) == [m.offset for m in batch]
    assert {m.key for m in culprits} == {m.key for m in named}
    for culprit in culprits:
        assert all(m.offset < culprit.offset for m in before if m.key == culprit.key)
        assert all(m.offset > culprit.offset for m in rest if m.key == culprit.key)
