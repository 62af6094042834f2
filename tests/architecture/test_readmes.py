"""The README of each service lists its requests, commands and events as the contracts declare them."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from local import service_tables
from shared import contracts, messages, requests
from shared.handlers import handlers
from shared.operated import Operated
from shared.rpc import Rpc

ROOT = Path(__file__).parents[2]
SERVICES = contracts.__all__


def trees(service):
    return [ast.parse(path.read_text()) for path in (ROOT / "services" / service / service).rglob("*.py")]


def shell(service):
    module = importlib.import_module(f"{service}.service")
    return next(c for c in vars(module).values() if isinstance(c, type) and getattr(c, "name", None) == service)


def methods(service):
    """The RPC methods of this service only, each with its request; shared ones are in docs/building.md."""
    found = inspect.getmembers(shell(service), inspect.isfunction)
    own = ((name, f) for name, f in found if f.__module__.startswith(f"{service}."))
    marked = ((name, getattr(f, "nameko_entrypoints", ())) for name, f in own)
    return {name: mark.request for name, marks in marked for mark in marks if isinstance(mark, Rpc)}


def received(service):
    return {messages.message_type(topic) for topic in handlers(shell(service))}


def published(service):
    """The events of the service that its code makes."""
    calls = {node.func for tree in trees(service) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {getattr(f, "attr", None) or getattr(f, "id", None) for f in calls}
    own = (m for m in messages.message_types() if m.kind == "event" and messages.owner(m.topic) == service)
    return {m.__name__ for m in own if m.__name__ in names}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_every_request_of_its_contract(service):
    answered = set(methods(service).values())  # importing the service imports its contracts
    contract = f"shared.contracts.{service}."
    assert answered == {each for each in requests.request_types() if each.__module__.startswith(contract)}


@pytest.mark.parametrize("service", SERVICES)
def test_the_tables_of_a_readme_are_up_to_date(service):
    assert service_tables.readme(service).read_text() == service_tables.page(service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_rpc_method_of_a_service_has_a_contract(service):
    marked = [(name, getattr(f, "nameko_entrypoints", ())) for name, f in inspect.getmembers(shell(service))]
    requested = {name: mark.request for name, marks in marked for mark in marks if isinstance(mark, Rpc)}
    assert {name: request.contract.name for name, request in requested.items()} == {
        name: name for name in requested
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_operator_requests_and_its_readme_links_to_them(service):
    assert issubclass(shell(service), Operated)
    assert "(../../docs/operating.md)" in (ROOT / "services" / service / "README.md").read_text()


@pytest.mark.parametrize("service", SERVICES)
def test_ec_06_a_service_publishes_every_event_it_declares(service):
    declared = {
        m.__name__ for m in messages.message_types() if m.kind == "event" and messages.owner(m.topic) == service
    }
    assert published(service) == declared


def test_every_command_has_exactly_one_receiver_and_it_is_its_owner():
    for message in messages.message_types():
        if message.kind == "command" and messages.owner(message.topic) in SERVICES:
            assert [s for s in SERVICES if message in received(s)] == [messages.owner(message.topic)]
