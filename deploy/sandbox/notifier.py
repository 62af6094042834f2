"""Sends notifications until the merchant responds with 200 or 204, and completes refunds when they are due."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPException

import structlog

from sandbox.keys import Keys
from sandbox.metrics import NOTIFICATIONS
from sandbox.posting import Poster
from sandbox.provider import Provider
from sandbox.settings import Settings
from sandbox.signing import sign
from sandbox.store import Notification, Store

log = structlog.get_logger()
LONGEST_SLEEP = 60.0
AT_ONCE = 32  # notifications being posted


class Notifier:
    """One loop that sleeps until something is due; each notification is posted in its own task."""

    def __init__(self, store: Store, keys: Keys, settings: Settings) -> None:
        self._store, self._keys, self._settings = store, keys, settings
        self._woken = asyncio.Event()
        self._posting = asyncio.Semaphore(AT_ONCE)
        self._poster = Poster(settings.notify_timeout)
        self._in_progress: set[asyncio.Task[str]] = set()

    def wake(self) -> None:
        self._woken.set()

    async def run(self, provider: Provider) -> None:
        """Run until cancelled."""
        while True:
            self._woken.clear()
            provider.settle_due_refunds()
            for notification in self._store.notifications_due(time.time()):
                self._start(notification)
            await self._sleep()

    async def deliver(self, notification: Notification) -> str:
        """Post one notification, store the outcome and return it in a word or two."""
        async with self._posting:
            accepted, answer = await self._post(notification)
        NOTIFICATIONS.labels(notification.event_type, "accepted" if accepted else "failed").inc()
        log.info(
            "notified", event_type=notification.event_type, out_trade_no=notification.out_trade_no, answer=answer
        )
        due_at = None if accepted else self._next_try(notification)
        self._store.put_notification(
            replace(notification, attempts=notification.attempts + 1, due_at=due_at, last_answer=answer)
        )
        return answer

    async def close(self) -> None:
        """Wait for the notifications being sent; failed ones are sent again after the next start."""
        await asyncio.gather(*self._in_progress, return_exceptions=True)
        self._poster.close()

    def _start(self, notification: Notification) -> None:
        # Due again later, so that the loop does not send it twice and a crash does not lose it.
        lease = time.time() + 2 * self._settings.notify_timeout
        self._store.put_notification(replace(notification, due_at=lease))
        task = asyncio.create_task(self.deliver(notification))
        self._in_progress.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[str]) -> None:
        self._in_progress.discard(task)
        self.wake()

    async def _sleep(self) -> None:
        due = self._store.next_due()
        seconds = LONGEST_SLEEP if due is None else min(max(due - time.time(), 0), LONGEST_SLEEP)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    def _next_try(self, notification: Notification) -> float | None:
        waits = self._settings.notify_backoff
        return time.time() + waits[notification.attempts] if notification.attempts < len(waits) else None

    async def _post(self, notification: Notification) -> tuple[bool, str]:
        body = notification.body.encode()
        headers = {"Content-Type": "application/json"} | sign(self._keys, body)
        try:
            status = await self._poster.post(notification.url, body, headers)
        except (OSError, HTTPException) as failure:
            return False, type(failure).__name__
        return status in {200, 204}, str(status)
