"""Moves a message to the retry ladder or the dead letters: publishes it and waits for the confirm."""

import threading
from typing import Any

import amqp

from shared.link import LOST, publish

CONFIRM_WITHIN = 10.0  # seconds


class NotForwarded(Exception):
    """The broker did not confirm; the message remains in its queue."""


class Mover:
    """A channel in confirm mode, used for one message at a time: failures are rare and must not get lost."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._answered = threading.Event()
        self._channel: Any = None
        self._sent = 0
        self._verdict = ""

    def opened(self, channel: Any) -> None:
        channel.confirm_select()
        channel.events["basic_return"].add(lambda *_: self._note("no queue is bound"))
        channel.events["basic_ack"].add(lambda tag, _: self._answer(tag, "confirmed"))
        channel.events["basic_nack"].add(lambda tag, _: self._answer(tag, "refused by the broker"))
        self._channel, self._sent = channel, 0

    def lost(self) -> None:
        self._channel = None
        self._answer(self._sent, "connection lost")

    def move(self, message: amqp.Message, exchange: str, key: str) -> None:
        """Publish and wait for the confirm. Raises NotForwarded."""
        with self._one_at_a_time:
            self._verdict = ""
            self._answered.clear()
            self._sent += 1
            try:
                publish(self._channel, message, exchange, key, mandatory=True)
            except LOST as failure:
                raise NotForwarded(repr(failure)) from failure
            if not self._answered.wait(CONFIRM_WITHIN) or self._verdict != "confirmed":
                raise NotForwarded(self._verdict or "no confirm")

    def _note(self, verdict: str) -> None:
        self._verdict = self._verdict or verdict

    def _answer(self, tag: int, verdict: str) -> None:
        if tag >= self._sent:  # else it is the late confirm of a message that was given up
            self._note(verdict)
            self._answered.set()
