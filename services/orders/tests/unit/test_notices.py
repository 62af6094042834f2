"""A module tells others what has happened; that nobody reacts is an error."""

import pytest

from orders import notices


class Rain:
    """Something happened."""


def test_what_follows_from_a_notice_is_done_at_once_in_the_same_work(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    happened, rain = [], Rain()

    @notices.reacts_to(Rain)
    def open_umbrella(work, notice):
        happened.append((work, notice))

    notices.publish("a work", rain)
    assert happened == [("a work", rain)]


def test_several_modules_react_to_one_notice_in_the_order_in_which_they_were_registered(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    happened = []
    for what in ("umbrella", "boots"):
        notices.reacts_to(Rain)(lambda _work, _notice, what=what: happened.append(what))
    notices.publish("a work", Rain())
    assert happened == ["umbrella", "boots"]


def test_a_notice_that_nobody_reacts_to_is_an_error(monkeypatch):
    monkeypatch.setattr(notices, "_REACTIONS", {})
    with pytest.raises(notices.NoHandler):
        notices.publish("a work", Rain())
