"""Which requests reach a resource at once, and what becomes of its failures."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.finding import Directory
from gateway.problems import Problem


class Sent(list):
    """The messages of an answer."""

    async def __call__(self, message):
        self.append(message)


class Resource:
    """Tells its name and its parameters, or fails, before or after its answer has begun."""

    def __init__(self, name, failure=None, *, late=False):
        self._name, self._failure, self._late = name, failure, late

    async def __call__(self, scope, receive, send):
        if self._late:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        if self._failure:
            raise self._failure
        told = f"{self._name} {Request(scope).path_params}"
        await Response(told)(scope, receive, send)


def ask(path, *routes, sent=None):
    """The status and the body of an answer."""
    sent = Sent() if sent is None else sent
    app = Directory(Resource("elsewhere"), [Route(f"/api/v1{path}", resource) for path, resource in routes])
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    asyncio.run(app(scope, None, sent))
    return sent[0]["status"], sent[1]["body"].decode()


ORDERS = (("/orders", Resource("list")), ("/orders/mine", Resource("mine")), ("/orders/{number}", Resource("one")))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/v1/orders", "list {}"),
        ("/api/v1/orders/mine", "mine {}"),
        ("/api/v1/orders/7", "one {'number': '7'}"),
        ("/api/v1/orders/", "elsewhere {}"),
        ("/api/v1/orders/7/lines", "elsewhere {}"),
        ("/api/v2/orders", "elsewhere {}"),
        ("/orders", "elsewhere {}"),
        ("", "elsewhere {}"),
    ],
)
def test_the_first_matching_resource_answers_and_all_else_is_passed_on(path, told):
    assert ask(path, *ORDERS) == (200, told)


def test_a_problem_is_answered_and_another_failure_is_raised_after_its_answer():
    assert ask("/api/v1/a", ("/a", Resource("a", Problem(409, "wrong_state"))))[0] == 409
    sent = Sent()
    with pytest.raises(ZeroDivisionError):
        ask("/api/v1/a", ("/a", Resource("a", ZeroDivisionError())), sent=sent)
    assert sent[0]["status"] == 500


def test_an_answer_that_has_begun_is_not_followed_by_another():
    sent = Sent()
    with pytest.raises(Problem):
        ask("/api/v1/a", ("/a", Resource("a", Problem(409, "wrong_state"), late=True)), sent=sent)
    assert len(sent) == 1
