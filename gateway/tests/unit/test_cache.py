"""Cached answers: what they save, and that an outdated one is never cached."""

import asyncio

import pytest

from gateway.cache import LONGEST, LONGEST_PAGE, MOMENT, AnswerCache
from shared.errors import NotFound

KEY, OTHER = ("/products/1", b""), ("/products/2", b"")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Service:
    """Counts its calls; each answer has the ids that it depends on."""

    def __init__(self, *ids):
        self.calls, self.ids, self.value = 0, frozenset(ids), "first"
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.was_called = asyncio.Event()

    async def read(self):
        self.calls += 1
        self.was_called.set()
        value = self.value
        await self.may_answer.wait()
        return value, self.ids, 1

    async def under_way(self, cache, key=("/products/1", b"")):
        """A call that has read the value, and waits with its answer until `may_answer`."""
        self.may_answer.clear()
        reading = asyncio.create_task(cache.get(key, self.read))
        await self.was_called.wait()
        return reading


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(clock):
    made = AnswerCache(most=3, each=0, clock=clock)
    made.open()
    return made


def test_a_cached_answer_needs_no_call(cache):
    async def check():
        service = Service("catalog 1")
        assert [await cache.get(KEY, service.read) for _ in range(3)] == ["first"] * 3
        assert service.calls == 1
        assert cache.find(KEY) == "first"

    asyncio.run(check())


def test_a_change_of_one_of_its_ids_outdates_it_and_others_do_not(cache):
    async def check():
        service = Service("catalog 1", "catalog 2")
        await cache.get(KEY, service.read)
        cache.changed(["catalog 3", "orders 1"])
        assert cache.find(KEY) == "first"
        cache.changed(["catalog 2"])
        assert cache.find(KEY) is None

    asyncio.run(check())


def test_a_page_is_shown_for_a_moment_after_a_change_however_many_follow(cache, clock):
    async def check():
        await cache.get(KEY, Service("catalog 1").read, page=True)
        for _ in range(3):
            cache.changed(["catalog 1"])
            clock.now += MOMENT / 4
            assert cache.find(KEY) == "first"
        clock.now += MOMENT / 4
        assert cache.find(KEY) is None

    asyncio.run(check())


@pytest.mark.parametrize("page", [False, True])
def test_an_answer_that_was_read_again_after_a_change_is_outdated_by_the_next(cache, clock, page):
    async def check():
        service = Service("catalog 1")
        await cache.get(OTHER, Service("catalog 1").read, page=page)
        for _ in range(3):
            await cache.get(KEY, service.read, page=page)
            assert cache.find(KEY) == "first"
            cache.changed(["catalog 1"])
            clock.now += MOMENT
            assert cache.find(KEY) is None
        assert service.calls == 3

    asyncio.run(check())


def test_an_answer_that_was_revised_is_outdated_by_the_next_change(cache):
    async def check():
        await cache.get(KEY, Service("orders 1").read)
        cache.revise("orders 1", ["orders 1"], str.upper)
        assert cache.find(KEY) == "FIRST"
        cache.changed(["orders 1"])
        assert cache.find(KEY) is None

    asyncio.run(check())


def test_a_change_through_this_process_is_visible_at_once_also_on_a_page(cache):
    async def check():
        await cache.get(KEY, Service("catalog 1").read, page=True)
        cache.drop(["catalog 1"])
        assert cache.find(KEY) is None

    asyncio.run(check())


@pytest.mark.parametrize(("page", "longest"), [(False, LONGEST), (True, LONGEST_PAGE)])
def test_an_answer_is_read_again_after_its_longest_time(cache, clock, page, longest):
    async def check():
        await cache.get(KEY, Service().read, page=page)
        clock.now += longest - 1
        assert cache.find(KEY) == "first"
        clock.now += 1
        assert cache.find(KEY) is None

    asyncio.run(check())


@pytest.mark.parametrize("how", ["changed", "drop"])
def test_an_answer_that_changed_while_it_was_read_is_not_cached(cache, how):
    async def check():
        service = Service("catalog 1")
        reading = await service.under_way(cache)
        getattr(cache, how)(["catalog 1"])
        service.may_answer.set()
        assert await reading == "first"
        assert cache.find(KEY) is None

    asyncio.run(check())


def test_requests_for_one_key_share_a_call_also_when_the_first_is_cancelled(cache):
    async def check():
        service = Service()
        first = await service.under_way(cache)
        second = asyncio.create_task(cache.get(KEY, service.read))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        service.may_answer.set()
        assert await second == "first"
        assert service.calls == 1

    asyncio.run(check())


def test_whoever_changed_something_does_not_share_a_call_that_began_before(cache):
    async def check():
        service = Service("orders 1")
        before = await service.under_way(cache)
        service.value = "changed"
        cache.drop(["orders 1"])
        after = asyncio.create_task(cache.get(KEY, service.read))
        await asyncio.sleep(0)
        service.may_answer.set()
        assert (await before, await after) == ("first", "changed")
        assert cache.find(KEY) == "changed"

    asyncio.run(check())


def test_an_earlier_call_that_is_answered_last_does_not_replace_the_newer_answer(cache):
    async def check():
        slow, quick = Service("orders 1"), Service("orders 1")
        before = await slow.under_way(cache)
        quick.value = "changed"
        cache.drop(["orders 1"])
        assert await cache.get(KEY, quick.read) == "changed"
        slow.may_answer.set()
        assert await before == "first"
        assert cache.find(KEY) == "changed"

    asyncio.run(check())


def test_a_refusal_reaches_all_who_wait_and_is_not_cached(cache):
    async def refuse():
        await asyncio.sleep(0)
        raise NotFound

    async def check():
        asked = await asyncio.gather(*(cache.get(KEY, refuse) for _ in range(2)), return_exceptions=True)
        assert [type(one) for one in asked] == [NotFound, NotFound]
        assert len(cache) == 0

    asyncio.run(check())


def test_nothing_is_cached_while_changes_are_not_received(cache):
    async def check():
        service = Service()
        await cache.get(KEY, service.read)
        cache.close()
        assert cache.find(KEY) is None
        await cache.get(KEY, service.read)
        assert len(cache) == 0
        cache.open()
        await cache.get(KEY, service.read)
        assert cache.find(KEY) == "first"

    asyncio.run(check())


def test_an_answer_read_while_the_connection_was_lost_is_not_cached(cache):
    async def check():
        service = Service("catalog 1")
        reading = await service.under_way(cache)
        cache.close()
        cache.open()
        service.may_answer.set()
        await reading
        assert len(cache) == 0

    asyncio.run(check())


def test_the_least_recently_used_answers_make_room_for_one_by_its_size(cache):
    async def large():
        return "large", frozenset({"catalog large"}), 2

    async def check():
        for number in range(3):
            await cache.get(number, Service(f"catalog {number}").read)
        cache.find(0)
        assert await cache.get("large", large) == "large"
        assert [cache.find(key) for key in (0, 1, 2, "large")] == ["first", None, None, "large"]
        cache.changed(["catalog 1", "catalog large"])
        assert cache.find("large") is None

    asyncio.run(check())


def test_empty_answers_take_room_too():
    async def check():
        cache = AnswerCache(most=100, each=10)
        cache.open()
        for number in range(50):
            await cache.get(number, nothing)
        assert len(cache) == 10

    async def nothing():
        return "", frozenset(), 0

    asyncio.run(check())


def test_an_answer_larger_than_the_cache_is_not_cached(cache):
    async def huge():
        return "huge", frozenset(), 4

    async def check():
        assert await cache.get(KEY, huge) == "huge"
        assert len(cache) == 0

    asyncio.run(check())
