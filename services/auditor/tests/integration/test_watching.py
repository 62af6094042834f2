"""The auditor that goes on looking tells what it finds by metrics and in its log."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from auditor import audit
from auditor.checks import AuditIncomplete, Check, Counted, Finding
from auditor.watching import Watch


def metric(name):
    return REGISTRY.get_sample_value(name, {"check": "tea.leaves"})


@pytest.fixture
def lines():
    """What is logged."""
    with capture_logs() as caught:
        yield caught


class Shop:
    """An invariant that holds until a leaf is lost."""

    def __init__(self):
        self.lost, self.closed, self.blind = [], False, False
        self.watch = Watch(self.look, every=0.01)
        check = Check(name="tea.leaves", sentence="no leaf is lost", look=self.leaves)
        self.audit = lambda: audit.audit([check], None, pause=lambda: None)

    def look(self):
        if self.closed:
            raise AuditIncomplete("the shop is closed")
        return self.audit()

    def leaves(self, _queries):
        if self.blind:
            raise AuditIncomplete("it is dark")
        yield Counted(100)
        yield from (Finding(check="tea.leaves", about=f"leaf {leaf}", detail="lost") for leaf in self.lost)


@pytest.fixture
def shop():
    return Shop()


def test_what_is_found_is_a_metric_and_what_is_new_a_line_in_the_log(shop, lines):
    shop.watch.look_once()
    counted = metric("jishi_audit_checked_total")
    shop.lost = ["oolong"]
    shop.watch.look_once()
    shop.watch.look_once()
    assert metric("jishi_audit_findings") == 1
    assert metric("jishi_audit_checked_total") == counted + 200
    shop.lost = []
    shop.watch.look_once()
    assert metric("jishi_audit_findings") == 0
    assert [(line["event"], line["about"]) for line in lines] == [
        ("does not add up", "leaf oolong"),
        ("adds up again", "leaf oolong"),
    ]


def test_a_repair_that_does_not_help_is_given_ever_more_rarely(shop):
    given = []
    shop.watch = Watch(shop.look, repair=lambda found: given.append(len(found)) or ())
    shop.lost = ["oolong"]
    for _ in range(17):
        shop.watch.look_once()
    assert [look for look, repairs in enumerate(given, start=1) if repairs] == [1, 2, 4, 8, 16]


def test_what_was_mended_and_is_found_anew_is_mended_at_once(shop):
    given = []
    shop.watch = Watch(shop.look, repair=lambda found: given.extend(each.about for each in found) or ())
    for lost in (["oolong"], ["oolong"], ["oolong"], [], ["oolong"]):
        shop.lost = lost
        shop.watch.look_once()
    assert given == ["leaf oolong"] * 3


def test_while_somebody_cannot_be_asked_nothing_is_said_to_be_well(shop, lines):
    shop.watch.look_once()
    passed = REGISTRY.get_sample_value("jishi_audit_passed_at_seconds")
    shop.closed = True
    shop.watch.look_once()
    assert not shop.watch.could_look
    assert REGISTRY.get_sample_value("jishi_audit_passed_at_seconds") == passed
    assert lines[-1]["reason"] == "the shop is closed"
    shop.closed = False
    shop.watch.look_once()
    assert shop.watch.could_look
    assert REGISTRY.get_sample_value("jishi_audit_passed_at_seconds") > passed


def test_a_check_that_cannot_look_is_told_apart_and_what_it_found_before_stays_found(shop, lines):
    shop.lost = ["oolong"]
    shop.watch.look_once()
    passed = REGISTRY.get_sample_value("jishi_audit_passed_at_seconds")
    shop.blind = True
    shop.watch.look_once()
    assert (metric("jishi_audit_blind"), metric("jishi_audit_findings")) == (1, 1)
    assert REGISTRY.get_sample_value("jishi_audit_passed_at_seconds") == passed
    assert [line["event"] for line in lines] == ["does not add up", "could not look"]
    shop.blind, shop.lost = False, []
    shop.watch.look_once()
    assert (metric("jishi_audit_blind"), metric("jishi_audit_findings")) == (0, 0)
    assert lines[-1]["event"] == "adds up again"
