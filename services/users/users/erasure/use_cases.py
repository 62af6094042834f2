"""Use cases of erasures: request, withdrawal, retries, and the outcome of an attempt.

The account is locked before its erasure.
"""

from datetime import timedelta
from uuid import UUID

from shared import settings
from shared.operating import log
from users.accounts.front import Account, AccountNotFound
from users.erasure.model import (
    Erasure,
    ErasureNotFound,
    ErasureProcess,
    ErasureRunning,
    ErasureState,
    OpenMatter,
    OpenMatterKind,
)
from users.shops.front import Duty
from users.work import Work

BATCH_SIZE = 20  # erasures retried per transaction


def pause() -> timedelta:
    """The time between attempts of an erasure."""
    return timedelta(seconds=settings.number("ERASURE_CHECK_SECONDS", 3600))


def request(work: Work, user_id: UUID, by: UUID, note: str = "") -> Erasure:
    """Request the erasure of a user; while one is waiting, retry it at once. Raises AccountNotFound."""
    work.accounts.lock(user_id)
    known = work.erasures.get(user_id, lock=True)
    if known and known.state is ErasureState.RUNNING:
        return known
    log.note(work, actor=str(by), action="account.erase", about=f"account {user_id}", note=note)
    waiting = known if known and known.state is ErasureState.WAITING else None
    return _try(work, waiting.retried() if waiting else Erasure.requested(user_id, by, work.now))


def withdraw(work: Work, user_id: UUID) -> Erasure:
    """Withdraw a waiting erasure. Raises ErasureNotFound, ErasureRunning."""
    known = work.erasures.get(user_id, lock=True)
    if known is None:
        raise ErasureNotFound
    withdrawn = known.withdrawn()
    work.erasures.save(withdrawn)
    log.note(work, actor=str(user_id), action="account.withdraw_erasure", about=f"account {user_id}")
    return withdrawn


def retry_due(work: Work) -> None:
    """Start another attempt of the erasures that are due."""
    for due in work.erasures.due(work.now, BATCH_SIZE):
        _try(work, due.retried())


def refuse(work: Work, process: ErasureProcess) -> None:
    """Store the open matters that prevented an attempt."""
    known = _running(work, process)
    work.erasures.save(known.waits_for(process.open, work.now, pause()))


def finish(work: Work, process: ErasureProcess) -> None:
    """Store that the user is erased."""
    work.erasures.save(_running(work, process).done(work.now))


def check_not_being_erased(work: Work, user_id: UUID) -> None:
    """Raise ErasureRunning if the user is being erased; lock the account, so that no erasure begins meanwhile.

    Raises AccountNotFound for a user who was erased.
    """
    work.accounts.lock(user_id)
    known = work.erasures.get(user_id, lock=True)
    if known and known.state is ErasureState.RUNNING:
        raise ErasureRunning


def _try(work: Work, erasure: Erasure) -> Erasure:
    """Start an attempt; if the user owns a shop, let the erasure wait instead."""
    owned = [shop for shop, duty in work.shops.of_member(erasure.user_id) if duty is Duty.OWNER]
    if owned:
        matters = tuple(OpenMatter(kind=OpenMatterKind.SHOP, id=shop.shop_id) for shop in owned)
        erasure = erasure.waits_for(matters, work.now, pause())
    else:
        process = ErasureProcess(user_id=erasure.user_id, attempt_id=erasure.attempt_id)
        work.sagas.start("users.erasure", erasure.attempt_id, process)
    work.erasures.save(erasure)
    return erasure


def _running(work: Work, process: ErasureProcess) -> Erasure:
    known = work.erasures.get(process.user_id, lock=True)
    assert known
    assert known.attempt_id == process.attempt_id
    return known


def _account(work: Work, user_id: UUID) -> Account:
    account = work.accounts.get(user_id)
    if account is None or account.is_erased:
        raise AccountNotFound
    return account
