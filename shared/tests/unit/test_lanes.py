"""Messages of one subject are published in order, one at a time, whatever fails."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id
from shared.relay.lanes import Lanes
from shared.relay.rows import Row


def row(position, subject):
    return Row(
        position=position,
        message_id=new_id(),
        topic="t",
        kind="event",
        subject=subject,
        body="{}",
        headers={},
        within=None,
        created_at=datetime.now(UTC),
    )


@given(
    subjects=st.lists(st.sampled_from("abc"), min_size=1, max_size=30),
    window=st.integers(1, 10),
    happenings=st.lists(st.tuples(st.sampled_from(["confirm", "refuse", "lose", "settle"]), st.integers(0, 9))),
)
def test_ob_06_order_holds_through_refusals_and_lost_connections(subjects, window, happenings):
    lanes, in_flight, confirmed, settled = Lanes(), [], [], []
    lanes.add(row(position, subject) for position, subject in enumerate(subjects))
    lanes.add(row(position, subject) for position, subject in enumerate(subjects))  # claimed twice, held once
    assert len(lanes) == len(subjects)

    def publish():
        for found in lanes.next(window):
            assert found.subject not in {other.subject for other in [*in_flight, *confirmed]}, (
                "one row per subject at a time"
            )
            in_flight.append(found)
        assert len(in_flight) <= window

    def happen(what, which):
        if what == "lose":
            in_flight.clear()
            lanes.reset()
        elif what == "settle" and confirmed:
            settled.append(confirmed.pop(which % len(confirmed)))
            lanes.remove(settled[-1])
        elif in_flight and what in {"confirm", "refuse"}:
            found = in_flight.pop(which % len(in_flight))
            if what == "confirm":
                confirmed.append(found)
                lanes.confirm(found)
            else:
                lanes.refuse(found)
                lanes.retry(found)

    for what, which in [*happenings, *[("confirm", 0), ("settle", 0)] * len(subjects)]:
        publish()
        happen(what, which)
    for subject in "abc":
        positions = [found.position for found in settled if found.subject == subject]
        assert positions == [p for p, other in enumerate(subjects) if other == subject]
    assert len(lanes) == 0


def test_a_late_confirm_of_a_row_that_is_no_longer_held_is_ignored():
    lanes, lost = Lanes(), row(1, "a")
    lanes.add([lost, row(2, "a")])
    next(lanes.next(1))
    assert [held.position for held in lanes.drop("a")] == [1, 2]
    for late in (lanes.confirm, lanes.remove, lanes.refuse, lanes.retry):
        late(lost)
    assert (len(lanes), lanes.in_flight) == (0, 0)
    assert list(lanes.next(1)) == []
