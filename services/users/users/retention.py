"""What keeps the tables of users bounded."""

from datetime import timedelta

from shared import retained
from shared.provider_calls import retention as calls
from shared.retention import Kept, Purge, Rules
from shared.sagas import archive
from users.sessions.model import FORGOTTEN_AFTER, IDLE

# Tokens before sessions: a session takes what is left of its chain along, and that must be little.
RULES: Rules = {
    **retained.EVERYWHERE,
    **calls.RULES,
    **retained.ERASURES,
    **archive.rules(proven_by=()),
    "sign_in_guard": Purge(
        table="sign_in_guard", since="last_at", keep=FORGOTTEN_AFTER, why="Older attempts count for nothing."
    ),
    "refresh_token": Purge(
        table="refresh_token",
        since="used_at",
        keep=IDLE,
        why="Whoever comes with an older one is refused either way; the unused one goes with its session.",
    ),
    "session": Purge(
        table="session",
        since="used_at",
        keep=IDLE,
        which="NOT EXISTS (SELECT FROM refresh_token AS used"
        " WHERE used.session_id = session.session_id AND used.used_at IS NOT NULL)",
        why="It cannot be refreshed any more.",
    ),
    "account": Kept("one row of some 300 bytes each; of a person who was erased it tells nothing but the id"),
    "address": Kept("a shopper's own, few for each; they go with the account"),
    "message": Purge(
        table="message",
        since="created_at",
        keep=timedelta(days=365),
        setting="KEEP_MESSAGES_DAYS",
        why="A person's inbox goes back a year; what it told of stays with its order.",
    ),
    "message_preference": Kept("what a person has consented to, one row each; it goes with the account"),
    "erasure": Kept("who asked to be erased, and how it stands; a row for each"),
    "shop": Kept("orders and books refer to shops for as long as they are kept"),
    "shop_invitation": Kept("who was invited and accepted; few for each shop"),
    "shop_member": Kept("few for each shop"),
}
