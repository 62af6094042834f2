"""The auditor that runs repeatedly reports findings by metrics and in its log."""

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
    """The log lines."""
    with capture_logs() as caught:
        yield caught


class Shop:
    """A shop with one invariant, which is violated when a leaf is lost."""

    def __init__(self):
        self.lost, self.closed, self.blind = [], False, False
        self.watch = Watch(self.run, every=0.01)
        check = Check(name="tea.leaves", sentence="no leaf is lost", run=self.leaves)
        self.audit = lambda: audit.audit([check], None, pause=lambda: None)

    def run(self):
        if self.closed:
            raise AuditIncomplete("the shop is closed")
        return self.audit()

    def leaves(self, _queries):
        if self.blind:
            raise AuditIncomplete("no reply")
        yield Counted(100)
        yield from (Finding(check="tea.leaves", about=f"leaf {leaf}", detail="lost") for leaf in self.lost)


@pytest.fixture
def shop():
    return Shop()


def test_findings_are_a_metric_and_new_ones_are_logged(shop, lines):
    shop.watch.audit_once()
    counted = metric("jishi_audit_checked_total")
    shop.lost = ["oolong"]
    shop.watch.audit_once()
    shop.watch.audit_once()
    assert metric("jishi_audit_findings") == 1
    assert metric("jishi_audit_checked_total") == counted + 200
    shop.lost = []
    shop.watch.audit_once()
    assert metric("jishi_audit_findings") == 0
    assert [(line["event"], line["about"]) for line in lines] == [
        ("finding", "leaf oolong"),
        ("finding resolved", "leaf oolong"),
    ]


def test_a_repair_that_fails_is_retried_ever_more_rarely(shop):
    given = []
    shop.watch = Watch(shop.run, repair=lambda found: given.append(len(found)) or ())
    shop.lost = ["oolong"]
    for _ in range(17):
        shop.watch.audit_once()
    assert [nth for nth, repairs in enumerate(given, start=1) if repairs] == [1, 2, 4, 8, 16]


def test_a_repaired_finding_that_recurs_is_repaired_at_once(shop):
    given = []
    shop.watch = Watch(shop.run, repair=lambda found: given.extend(each.about for each in found) or ())
    for lost in (["oolong"], ["oolong"], ["oolong"], [], ["oolong"]):
        shop.lost = lost
        shop.watch.audit_once()
    assert given == ["leaf oolong"] * 3


def test_an_incomplete_audit_does_not_update_the_time_of_the_last_complete_one(shop, lines):
    shop.watch.audit_once()
    passed = REGISTRY.get_sample_value("jishi_audit_passed_at_seconds")
    shop.closed = True
    shop.watch.audit_once()
    assert not shop.watch.services_reply
    assert REGISTRY.get_sample_value("jishi_audit_passed_at_seconds") == passed
    assert lines[-1]["reason"] == "the shop is closed"
    shop.closed = False
    shop.watch.audit_once()
    assert shop.watch.services_reply
    assert REGISTRY.get_sample_value("jishi_audit_passed_at_seconds") > passed


def test_a_blind_check_has_a_metric_and_its_earlier_findings_remain(shop, lines):
    shop.lost = ["oolong"]
    shop.watch.audit_once()
    passed = REGISTRY.get_sample_value("jishi_audit_passed_at_seconds")
    shop.blind = True
    shop.watch.audit_once()
    assert (metric("jishi_audit_blind"), metric("jishi_audit_findings")) == (1, 1)
    assert REGISTRY.get_sample_value("jishi_audit_passed_at_seconds") == passed
    assert [line["event"] for line in lines] == ["finding", "check could not run"]
    shop.blind, shop.lost = False, []
    shop.watch.audit_once()
    assert (metric("jishi_audit_blind"), metric("jishi_audit_findings")) == (0, 0)
    assert lines[-1]["event"] == "finding resolved"
