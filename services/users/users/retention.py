"""Retention rules of users' tables."""

from datetime import timedelta

from shared import retained
from shared.provider_calls import retention as calls
from shared.retention import Kept, Purge, Rules
from shared.sagas import archive
from users.credentials.model import VALID
from users.sessions.model import FORGOTTEN_AFTER, IDLE

# Tokens are purged before sessions: deleting a session cascades to its tokens, which must be few.
RULES: Rules = {
    **retained.EVERYWHERE,
    **calls.RULES,
    **retained.ERASURES,
    **archive.rules(proven_by=()),
    "sign_in_guard": Purge(
        table="sign_in_guard", since="last_at", keep=FORGOTTEN_AFTER, why="Older attempts no longer count."
    ),
    "refresh_token": Purge(
        table="refresh_token",
        since="used_at",
        keep=IDLE,
        why="Older ones are refused in any case; the unused one is deleted with its session.",
    ),
    "session": Purge(
        table="session",
        since="used_at",
        keep=IDLE,
        which="NOT EXISTS (SELECT FROM refresh_token AS used"
        " WHERE used.session_id = session.session_id AND used.used_at IS NOT NULL)",
        why="It can no longer be refreshed.",
    ),
    "recovery": Purge(
        table="recovery",
        since="created_at",
        keep=VALID,
        why="The link is no longer valid; a used one is gone at once.",
    ),
    "account": Kept("one row of some 300 bytes each; of an erased user only the id is left"),
    "address": Kept("few for each shopper; deleted when the account is erased"),
    "message": Purge(
        table="message",
        since="created_at",
        keep=timedelta(days=365),
        setting="KEEP_MESSAGES_DAYS",
        why="An inbox has the messages of a year; the orders they are about are kept.",
    ),
    "message_preference": Kept("the consents of a user, one row each"),
    "erasure": Kept("one row for each user whose erasure was requested, with its state"),
    "audit_report": Kept("one row: the last report"),
    "audit_invariant": Kept("a row for each check of the auditor"),
    "audit_finding": Purge(
        table="audit_finding",
        since="resolved_at",
        keep=timedelta(days=90),
        setting="KEEP_AUDIT_FINDINGS_DAYS",
        which="resolved_at IS NOT NULL",
        why="Open findings are kept until the auditor no longer finds them.",
    ),
    "audit_quarter": Purge(
        table="audit_quarter",
        since="quarter",
        keep=timedelta(days=7),
        why="Operators see the history of a day.",
    ),
    "shop": Kept("orders and the ledger refer to shops as long as they are kept"),
    "shop_invitation": Kept("few for each shop: who was invited, and who accepted"),
    "shop_member": Kept("few for each shop"),
}
