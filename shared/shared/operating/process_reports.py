"""What a process reports of itself: a row in its service's database, written every few seconds.

A process that stops removes its row. One that was killed, or hangs, leaves it and is silent from then on.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared import message_encoding, settings
from shared.ids import new_id

EVERY = 5.0  # seconds
SILENT = timedelta(seconds=20)  # without a report
MINUTE = 60.0  # seconds
# All times are the database's, so that the clocks of hosts need not agree.
REPORT = text("""
    INSERT INTO process_report (instance, process, host, failing, queues, settings)
    VALUES (:instance, :process, :host, CAST(:failing AS jsonb), CAST(:queues AS jsonb), CAST(:settings AS jsonb))
    ON CONFLICT (instance) DO UPDATE SET seen_at = now(), failing = excluded.failing, queues = excluded.queues,
        settings = excluded.settings,
        since = CASE WHEN process_report.failing = excluded.failing THEN process_report.since ELSE now() END
""")
LEAVE = text("DELETE FROM process_report WHERE instance = :instance")


@dataclass(frozen=True)
class Load:
    """What a process has in hand of a queue, and how many of its messages it has handled since its start."""

    unacknowledged: int
    handled: int


class Checked(Protocol):
    """The health of the process."""

    def failing(self) -> list[str]:
        """The health checks that fail."""


class ProcessReports:
    """Reports this process until stop(). Without an engine nothing is reported."""

    def __init__(
        self,
        engine: Engine | None,
        process: str,
        checked: Checked,
        loads: Callable[[], Mapping[str, Load]] = dict,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._checked, self._loads, self._clock = engine, checked, loads, clock
        self._instance = {"instance": new_id()}
        self._about = {"process": process, "host": socket.gethostname()[:100]}
        self._before: tuple[float, Mapping[str, Load]] = (clock(), {})
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin to report, in a thread of its own: a database that hangs delays nothing else."""
        if self._engine:
            threading.Thread(target=self._run, name="reports", daemon=True).start()

    def stop(self) -> None:
        """Report nothing more, and remove the row. While the database is away the row stays."""
        self._stopping.set()
        if self._engine:
            with suppress(SQLAlchemyError), self._engine.begin() as connection:
                connection.execute(LEAVE, self._instance)

    def report(self) -> None:
        """Report once; while the database is away, not at all."""
        row = {
            **self._instance,
            **self._about,
            "failing": message_encoding.text(sorted(self._checked.failing())),
            "queues": message_encoding.text(self._queues()),
            "settings": message_encoding.text([vars(each) for each in settings.known()]),
        }
        if self._engine and not self._stopping.is_set():
            with suppress(SQLAlchemyError), self._engine.begin() as connection:
                connection.execute(REPORT, row)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.report()
            self._stopping.wait(EVERY)

    def _queues(self) -> dict[str, tuple[int, int]]:
        """Of each queue: the messages in hand, and how many were handled in a minute, as of the last report."""
        (earlier, before), now, loads = self._before, self._clock(), self._loads()
        self._before = (now, loads)
        minutes = max(now - earlier, 0.001) / MINUTE

        def pace(queue: str) -> int:
            return round((loads[queue].handled - (before[queue].handled if queue in before else 0)) / minutes)

        return {queue: (load.unacknowledged, pace(queue)) for queue, load in loads.items()}
