"""Guards of accounts, sessions and shops."""

from tests.mutants.mutant import Mutant

INVITATIONS = "services/users/tests/integration/test_invitations.py::"
AUTH = "shared/tests/unit/test_auth.py::"
SIGNING_IN = "services/users/tests/integration/test_signing_in.py::"
GUARD = "services/users/tests/unit/test_guard.py::"
REGISTERING = "services/users/tests/integration/test_accounts.py::"

ACCOUNTS = [
    Mutant(
        name="invitation: an accepted, revoked or expired one is accepted",
        file="services/users/users/shops/use_cases.py",
        guard="    invitation.check_open(work.now)\n",
        instead="",
        killed_by=(
            INVITATIONS + "test_an_invitation_expires",
            INVITATIONS + "test_a_revoked_invitation_is_not_accepted",
        ),
    ),
    Mutant(
        name="invitation: the token of its link is stored with the response",
        file="shared/shared/idempotency.py",
        guard="**dict.fromkeys(shown_once)",
        instead="",
        killed_by=(INVITATIONS + "test_the_token_of_the_link_is_returned_once_and_not_stored",),
    ),
    Mutant(
        name="fingerprint of a registration: the password is left out",
        file="shared/shared/answering.py",
        guard="""data | {name: keyed_digest(data[name], auth.derived_key("idempotency")) for name in secrets}""",
        instead="{name: data[name] for name in data if name not in secrets}",
        killed_by=(REGISTERING + "test_a_key_with_another_password_is_refused",),
    ),
    Mutant(
        name="guard of sign-in: an attempt counts as a guess if the clock is behind",
        file="services/users/users/sessions/model.py",
        guard="now = max(now, self.last_at)",
        instead="assert self.last_at",
        killed_by=(GUARD + "test_an_attempt_with_a_clock_behind_the_last_one_is_accepted",),
    ),
    Mutant(
        name="ended session: its access tokens are still valid",
        file="shared/shared/auth.py",
        guard="    if caller.session_id in _ended:\n        raise SessionOver\n",
        instead="",
        killed_by=(
            AUTH + "test_a_token_of_an_ended_session_is_refused_and_the_session_forgotten_after_its_tokens_expire",
            SIGNING_IN + "test_a_token_used_twice_ends_the_access_tokens_of_the_session_too",
            "gateway/tests/unit/test_streams.py::test_a_stream_ends_at_once_when_its_readers_session_ends",
        ),
    ),
    Mutant(
        name="ended session: no event is published",
        file="services/users/users/sessions/use_cases.py",
        guard="        work.publish(SessionEnded(session_id=session_id, user_id=user_id))\n",
        instead="",
        killed_by=(SIGNING_IN + "test_signing_out_ends_the_session_and_its_access_tokens_and_is_published_once",),
    ),
    Mutant(
        name="access token: a token for another audience is accepted",
        file="shared/shared/auth.py",
        guard="            audience=AUDIENCE,\n            options={",
        instead="""            options={"verify_aud": False, """,
        killed_by=(AUTH + "test_a_token_with_other_claims_is_refused",),
    ),
    Mutant(
        name="password: an easily guessed one is accepted",
        file="services/users/users/sessions/passwords.py",
        guard="        self.check(password, personal_words(email, name))\n",
        instead="",
        killed_by=(REGISTERING + "test_a_weak_password_opens_no_account",),
    ),
    Mutant(
        name="passwords: several new ones are checked at a time",
        file="services/users/users/sessions/passwords.py",
        guard="threading.BoundedSemaphore(1)",
        instead="threading.BoundedSemaphore(2)",
        killed_by=("services/users/tests/unit/test_passwords.py::test_new_passwords_are_rated_one_at_a_time",),
    ),
]
