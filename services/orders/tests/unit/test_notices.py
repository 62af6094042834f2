"""A module tells others what has happened; that nobody reacts is an error."""

import pytest

from orders import notices


class Rain:
    """Something happened."""


def test_a_reaction_is_called_at_once_in_the_same_transaction(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    happened, rain = [], Rain()

    @notices.reacts_to(Rain)
    def open_umbrella(work, notice):
        happened.append((work, notice))

    notices.publish("a work", rain)
    assert happened == [("a work", rain)]


def test_reactions_are_called_in_the_order_of_registration(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    happened = []
    for what in ("umbrella", "boots"):
        notices.reacts_to(Rain)(lambda _work, _notice, what=what: happened.append(what))
    notices.publish("a work", Rain())
    assert happened == ["umbrella", "boots"]


def test_a_notice_without_a_reaction_is_an_error(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    with pytest.raises(notices.NoHandler):
        notices.publish("a work", Rain())
