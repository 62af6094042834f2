"""Frames are read from blocks of any size."""

import pytest
from amqp.exceptions import UnexpectedFrame
from hypothesis import given
from hypothesis import strategies as st

from shared.frames import HEAD, Blocks

FRAMES = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 9), st.binary(max_size=40)), min_size=1, max_size=9)


def encoded(frames):
    return b"".join(HEAD.pack(kind, channel, len(body)) + body + b"\xce" for kind, channel, body in frames)


@given(frames=FRAMES, sizes=st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_all_frames_are_read_in_order_however_they_arrive(frames, sizes):
    """A size of 0 is a read that times out."""
    data, sizes = encoded(frames), [*sizes, *[1000] * len(frames)]

    def receive(_most):
        nonlocal data
        size = sizes.pop(0)
        if not size:
            raise TimeoutError
        block, data = data[:size], data[size:]
        return block

    blocks, read = Blocks(receive), []
    while len(read) < len(frames):
        try:
            read.append(blocks.read_frame())
        except TimeoutError:
            continue
    assert read == frames


def test_a_closed_connection_and_a_broken_frame_are_errors():
    with pytest.raises(OSError, match="closed"):
        Blocks(lambda _: b"").read_frame()
    with pytest.raises(UnexpectedFrame):
        Blocks(lambda _: HEAD.pack(1, 0, 1) + b"xx").read_frame()
