"""Requests that wait for one method are answered as if one had come after the other, in one transaction."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from tally import seats
from tally.service import Tally

from shared import auth
from shared.answering_together import Asked, NotTogether, answer_together
from shared.auth import Caller
from shared.contracts import catalog
from shared.errors import Conflict
from shared.idempotency import KeyReused
from shared.ids import new_id
from shared.outbox import outbox
from shared.permissions import Role
from shared.rpc_messages import Request
from shared.rpc_replies import Replies
from shared.shapes import Misshapen
from shared.testing import service
from shared.testing.meeting import meet

NOBODY = Caller()


@pytest.fixture
def entrypoint():
    """The entrypoint of `take_seat`."""
    (found,) = Tally.take_seat.nameko_entrypoints
    return found


@pytest.fixture
def replies(open_work, entrypoint, token_keys):
    """The replies to requests for `take_seat` that wait together, as JSON."""
    instance = partial(service, Tally, open_work)
    seats.batches.clear()
    texts = Replies("tally", {"take_seat": entrypoint}, instance).together
    return lambda *requests: [json.loads(text) for text in texts(requests)]


@pytest.fixture
def token_keys(keys, monkeypatch):
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    for cached in (auth._private_key, auth._public_keys, auth._read):
        cached.cache_clear()


def request(subject="table", then="", key=None, *, token=None, argument=None, seconds=20, correlation_id=None):
    keyed = {} if key is None else {"idempotency_key": key}
    known = {"subject": subject, "party": str(UUID(int=1)), "then": then, **keyed}
    return Request(
        method="take_seat",
        argument=known if argument is None else argument,
        reply_to="client",
        call_id="1",
        token=token,
        deadline=time.time() + seconds,
        correlation_id=correlation_id or new_id(),
        traceparent=None,
    )


def numbers(answers):
    return [answer["result"] and answer["result"]["number"] for answer in answers]


def transactions(answers):
    return {answer["result"]["transaction"] for answer in answers if answer["result"]}


def codes(answers):
    return [answer["error"] and answer["error"]["code"] for answer in answers]


def counted(open_work, subject="%"):
    with open_work() as work:
        return work.times(subject)


def used(open_work):
    with open_work.engine.connect() as connection:
        return set(connection.execute(text("SELECT key FROM idempotency")).scalars())


def test_requests_that_wait_are_answered_in_order_in_one_transaction(replies):
    answers = replies(*[request(key=f"k{n}") for n in range(5)])
    assert numbers(answers) == [1, 2, 3, 4, 5]
    assert len(transactions(answers)) == 1
    assert seats.batches == [5]


def test_one_request_is_answered_alone_and_read_for_in_advance(replies):
    assert numbers(replies(request())) == [1]
    assert seats.batches == [1]


def test_a_refusal_before_any_change_disturbs_nobody_and_leaves_its_key_free(replies, open_work):
    answers = replies(request(key="a"), request(then="refuse", key="b"), request(key="c"))
    assert codes(answers) == [None, "no_seats", None]
    assert numbers(answers) == [1, None, 2]
    assert len(transactions(answers)) == 1
    assert used(open_work) == {"a", "c"}
    assert numbers(replies(request(key="b"))) == [3]


@pytest.mark.parametrize(
    ("then", "code"), [("refuse late", "no_seats_any_more"), ("fail", "internal")], ids=["refused", "failed"]
)
def test_after_a_change_a_refusal_or_failure_lets_all_be_answered_one_by_one(replies, open_work, then, code):
    answers = replies(request(key="a"), request(then=then, key="b"), request(key="c"))
    assert codes(answers) == [None, code, None]
    assert numbers(answers) == [1, None, 2]
    assert len(transactions(answers)) == 2
    assert counted(open_work) == 2
    assert used(open_work) == {"a", "c"}


def test_malformed_and_forged_requests_get_answers_of_their_own(replies):
    answers = replies(
        request(),
        request(argument={"subject": 5}),
        request(token="nonsense"),
        request(argument={}),
        request(),
    )
    assert codes(answers) == [None, "request_invalid", "token_invalid", "request_invalid", None]
    assert numbers(answers) == [1, None, None, None, 2]
    assert len(transactions(answers)) == 1


def test_a_batch_without_a_valid_request_is_answered(replies, open_work):
    answers = replies(request(argument={}), request(argument={"subject": 5}))
    assert codes(answers) == ["request_invalid"] * 2
    assert counted(open_work) == 0


def test_callers_without_an_allowed_role_are_refused_alone(open_work, entrypoint):
    method = SimpleNamespace(allow=(Role.OPERATOR,), answering=entrypoint.answering)
    texts = Replies("tally", {"take_seat": method}, partial(service, Tally, open_work)).together
    answers = [json.loads(text) for text in texts([request(), request()])]
    assert [answer["error"]["kind"] for answer in answers] == ["unauthenticated"] * 2
    assert counted(open_work) == 0


def test_a_key_repeated_within_a_batch_is_carried_out_once(replies, open_work):
    answers = replies(request(key="a"), request(key="b"), request(key="a"), request(key="a"))
    assert answers[0] == answers[2] == answers[3]
    assert numbers(answers) == [1, 2, 1, 1]
    assert counted(open_work) == 2


def test_a_key_that_was_used_before_gets_the_stored_answer(replies, open_work):
    (first,) = replies(request(key="a"))
    again, other = replies(request(key="a"), request(key="b"))
    assert again == first
    assert numbers([other]) == [2]
    assert counted(open_work) == 2


def test_a_key_used_for_two_requests_of_a_batch_belongs_to_the_first(replies, open_work):
    answers = replies(request("first", key="a"), request("second", key="a"), request("first", key="a"))
    assert codes(answers) == [None, "idempotency_key_reused", None]
    assert (counted(open_work, "first"), counted(open_work, "second")) == (1, 0)


def asked(entrypoint, subject, key):
    read = entrypoint.answering.read(None, {"subject": subject, "party": str(new_id()), "idempotency_key": key})
    return Asked(NOBODY, read)


def test_of_many_keys_that_are_used_twice_in_a_batch_each_belongs_to_its_first_request(open_work):
    """PostgreSQL's order of equal keys is not that of the requests."""
    scopes = [("shopper", "take_seat", f"k{place}") for place in range(20)]
    with open_work() as work:
        work.claim((*scope, f"the {each} request") for each in ("first", "second") for scope in scopes)
        for scope in scopes:
            assert work.once(*scope, "the first request", lambda: {"seat": 1}) == {"seat": 1}
            with pytest.raises(KeyReused):
                work.once(*scope, "the second request", dict)


def test_the_keys_of_a_batch_are_claimed_by_one_statement(open_work, entrypoint):
    claims = []
    event.listen(
        open_work.engine,
        "before_cursor_execute",
        lambda *call: claims.append(call[2]) if "INTO idempotency" in call[2] else None,
    )
    batch = [asked(entrypoint, "table", f"k{n}") for n in range(10)]
    answer_together(entrypoint.answering, service(Tally, open_work), batch)
    assert len(claims) == 1


def test_two_batches_with_the_same_keys_do_not_block_each_other(open_work):
    """Both reach a key that another transaction has claimed; then each waits for the other, or for none."""
    scopes = [("shopper", "take_seat", f"k{place}") for place in range(10)]

    def claim(wanted):
        with open_work() as work:
            work.claim((*scope, "a request") for scope in wanted)
        return True

    hold = "INSERT INTO idempotency (caller, operation, key, request) VALUES ('shopper', 'take_seat', 'k5', '')"
    both = [partial(claim, scopes), partial(claim, scopes[::-1])]
    assert meet(open_work.engine, hold, *both) == [True, True]


def test_two_batches_with_the_same_keys_are_carried_out_once(replies, open_work):
    same = [request(key=f"k{n}") for n in range(20)]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda batch: replies(*batch), [same, same[::-1]])
    assert one == other[::-1]
    assert counted(open_work) == 20


def test_each_answer_is_given_in_the_trace_of_its_request(replies, open_work):
    asked = [request() for _ in range(3)]
    replies(*asked)
    with open_work.engine.connect() as connection:
        sent = connection.execute(outbox.select().order_by(outbox.c.position)).mappings()
        assert [row["headers"]["correlation_id"] for row in sent] == [str(one.correlation_id) for one in asked]


def test_a_refused_request_may_not_have_published_anything(open_work, entrypoint):
    """A message that waits for the commit is a change, although no statement has been executed for it."""

    def publishes_and_refuses(_service, work, _caller, request):
        work.publish(catalog.StockReleased(checkout_id=request.party))
        raise Conflict(code="too_late")

    answering = replace(entrypoint.answering, method=publishes_and_refuses)
    with pytest.raises(NotTogether):
        answer_together(answering, service(Tally, open_work), [asked(entrypoint, "table", "a")])


def test_a_malformed_request_is_refused_by_its_fields(entrypoint):
    with pytest.raises(Misshapen):
        entrypoint.answering.read(None, {"subject": 5})


ENDS = st.sampled_from(["", "", "", "refuse", "refuse late", "fail"])
ONE = st.tuples(st.sampled_from("ab"), ENDS, st.none() | st.sampled_from("klm"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(wanted=st.lists(ONE, min_size=2, max_size=8))
def test_answers_given_together_are_those_given_one_after_the_other(open_work, replies, wanted):
    def outcome(size):
        empty(open_work)
        requests = [request(subject, then, key) for subject, then, key in wanted]
        batches = [requests[at : at + size] for at in range(0, len(requests), size)]
        answers = [answer for batch in batches for answer in replies(*batch)]
        return numbers(answers), codes(answers), counted(open_work, "a"), counted(open_work, "b"), used(open_work)

    assert outcome(len(wanted)) == outcome(1)


def empty(open_work):
    with open_work.engine.begin() as connection:
        for table in ("tally", "idempotency", "outbox"):
            connection.execute(text(f"DELETE FROM {table}"))
