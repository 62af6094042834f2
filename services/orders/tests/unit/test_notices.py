"""Notices between modules; a notice without a reaction is an error."""

import pytest

from orders import notices


class SomethingHappened:
    """Something happened."""


def test_a_reaction_is_called_at_once_in_the_same_transaction(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    calls, published = [], SomethingHappened()

    @notices.reacts_to(SomethingHappened)
    def react(work, notice):
        calls.append((work, notice))

    notices.publish("a work", published)
    assert calls == [("a work", published)]


def test_reactions_are_called_in_the_order_of_registration(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    calls = []
    for name in ("first", "second"):
        notices.reacts_to(SomethingHappened)(lambda _work, _notice, name=name: calls.append(name))
    notices.publish("a work", SomethingHappened())
    assert calls == ["first", "second"]


def test_a_notice_without_a_reaction_is_an_error(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    with pytest.raises(notices.NoHandler):
        notices.publish("a work", SomethingHappened())
