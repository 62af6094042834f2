"""A request sent twice is carried out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Conflict
from shared.idempotency import KeyReused, KeyTooLong
from shared.ids import new_id


def create(open_work, key, request="a red chair", caller="shopper", operation="order"):
    """Count, and return a new id."""

    def produce():
        work.count("created")
        return {"id": str(new_id()), "request": request}

    with open_work() as work:
        return work.once(caller, operation, key, request, produce)


def created(open_work):
    with open_work() as work:
        return work.times("created")


def test_thirty_equal_concurrent_requests_are_carried_out_once_and_answered_alike(open_work):
    with ThreadPoolExecutor(15) as pool:
        answers = list(pool.map(lambda _: create(open_work, "k"), range(30)))
    assert created(open_work) == 1
    assert len({answer["id"] for answer in answers}) == 1


def test_the_same_key_for_another_request_is_refused(open_work):
    create(open_work, "k")
    with pytest.raises(KeyReused) as refused:
        create(open_work, "k", request="a blue chair")
    assert isinstance(refused.value, Conflict)
    assert refused.value.code == "idempotency_key_reused"
    assert created(open_work) == 1


@pytest.mark.parametrize("other", [{"caller": "another caller"}, {"operation": "refund"}, {"key": "k2"}])
def test_a_key_belongs_to_one_caller_and_one_operation(open_work, other):
    create(open_work, "k")
    create(open_work, **{"key": "k", **other})
    assert created(open_work) == 2


def test_a_request_that_failed_leaves_its_key_free(open_work):
    def fail():
        work.count("created")
        raise Conflict("out of chairs")

    def call():
        nonlocal work
        with open_work() as work:
            work.once("shopper", "order", "k", "a red chair", fail)

    work = None
    with pytest.raises(Conflict, match="out of chairs"):
        call()
    assert create(open_work, "k")["request"] == "a red chair"
    assert created(open_work) == 1


def test_without_a_key_a_repeated_request_is_carried_out_again(open_work):
    create(open_work, None)
    create(open_work, None)
    assert created(open_work) == 2


def test_a_key_that_is_too_long_is_refused(open_work):
    with pytest.raises(KeyTooLong):
        create(open_work, "k" * 256)
