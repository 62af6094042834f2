"""What counts as a finding, and how two services' documents are laid side by side."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from auditor.audit import audit
from auditor.checks import AuditIncomplete, Check, Counted, Finding, Repair
from auditor.joined import joined, latest
from auditor.queries import Failed, Narrowed, pages
from auditor.repairs import carry_out
from auditor.report import AUDIT_INCOMPLETE, CLEAN, FINDINGS, as_json, as_text, status
from shared.contracts.catalog.audit import AuditClaims
from shared.contracts.orders.audit import AuditCheckouts
from shared.errors import Conflict

HOUR = timedelta(hours=1)


class Shelf:
    """Doors that show lists, two documents a page, and remember what they were asked."""

    def __init__(self, **lists):
        self.lists, self.requested = lists, []

    def call(self, method, request):
        self.requested.append((method, request))
        wanted = request.get("ids")
        items = [each for each in self.lists[method] if wanted is None or each["key"] in wanted]
        return {"items": items, "checked": len(items), "next": None}

    def pages(self, method, **request):
        items = self.call(method, request)["items"]
        for start in range(0, len(items) or 1, 2):
            yield {"items": items[start : start + 2], "checked": len(items[start : start + 2])}


def documents(*keys):
    return [{"key": key} for key in keys]


def test_documents_of_two_services_meet_by_their_key_and_each_side_sees_what_the_other_lacks():
    ours, theirs = documents("a", "b", "d", "e"), documents("b", "c", "e", "f", "g")
    queries = Shelf(**{AuditCheckouts.contract.method: ours, AuditClaims.contract.method: theirs})
    found = joined(queries, AuditCheckouts, AuditClaims, "key")
    pairs = [(one and one["key"], other and other["key"]) for one, other in found]
    assert pairs == [
        ("a", None), ("b", "b"), (None, "c"), ("d", None), ("e", "e"), (None, "f"), (None, "g"),
    ]  # fmt: skip


def test_the_younger_of_two_documents_says_since_when():
    early, late = {"since": "2026-01-01T10:00:00+08:00"}, {"since": "2026-01-01T03:00:00+00:00"}
    assert latest(early, late) == datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert latest(early, None) == datetime(2026, 1, 1, 2, tzinfo=UTC)
    assert latest(None, {"since": None}) is None


def seen(about, **known):
    return Finding(check="a.check", about=about, detail="is wrong", advice="look", **known)


def looking(*looks, **known):
    """A check that finds another list each time it looks."""
    again = iter(looks)
    return Check(name="a.check", sentence="all is right", look=lambda _: [Counted(3), *next(again)], **known)


def quickly(*checks, grace=HOUR, queries=None):
    return audit(checks, queries or Shelf(), grace=grace, pause=lambda: None)


def test_a_finding_that_is_not_found_again_does_not_count():
    report = quickly(looking([seen("sku 1"), seen("sku 2")], [seen("sku 2"), seen("sku 3")]))
    assert [finding.about for finding in report.findings] == ["sku 2"]
    assert report.outcomes[0].checked == 3


def test_a_finding_that_is_younger_than_what_it_may_wait_for_does_not_count():
    young, old = datetime.now(UTC) - HOUR / 2, datetime.now(UTC) - 2 * HOUR
    found = [seen("sku 1", since=young), seen("sku 2", since=old)]
    report = quickly(looking(found, found))
    assert [finding.about for finding in report.findings] == ["sku 2"]
    assert report.outcomes[0].waiting == 1
    assert len(quickly(looking(found, found), grace=None).findings) == 2


def test_a_check_that_found_nothing_does_not_look_again():
    assert quickly(looking([])).clean


def test_a_second_look_asks_only_for_what_was_found():
    queries = Shelf(left=documents("a", "b", "c"))

    def look(queries):
        for page in queries.pages("left"):
            yield from (seen(f"sku {each['key']}") for each in page["items"] if each["key"] == "b")

    check = Check(name="a.check", sentence="all is right", look=look, by_key=True)
    assert [finding.about for finding in quickly(check, queries=queries).findings] == ["sku b"]
    assert queries.requested == [("left", {}), ("left", {"ids": ["b"]})]


def test_people_and_machines_are_told_what_is_wrong_and_what_can_be_done():
    repair = Repair(method="x.mend", request={}, words="let it go")
    found = [seen("sku 1"), seen("sku 2", repair=repair, facts={"n": 1})]
    report = quickly(looking(found, found))
    text = as_text(report)
    assert "a.check: all is right" in text
    assert "sku 1: is wrong\n    a person: look" in text
    assert "sku 2: is wrong\n    --repair: let it go" in text
    (check,) = json.loads(as_json(report))["checks"]
    assert (check["checked"], check["findings"][1]["facts"]) == (3, {"n": 1})
    assert status(report) == FINDINGS
    assert status(quickly(looking([]))) == CLEAN


def test_a_long_list_is_cut_for_people_and_not_for_machines():
    found = [seen(f"sku {number}") for number in range(30)]
    report = quickly(looking(found, found))
    assert "and 10 more" in as_text(report)
    assert len(json.loads(as_json(report))["checks"][0]["findings"]) == 30


class Owner:
    """Whom repairs are commanded to."""

    def __init__(self, answer):
        self.answer = answer

    def call(self, _method, _request):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "statement"),
    [
        ({"repaired": True}, "done"),
        ({"repaired": False}, "nothing to mend any more"),
        (Conflict("it moves"), "refused, it moves (conflict)"),
    ],
)
def test_what_became_of_a_repair_is_said(answer, statement):
    finding = seen("sku 2", repair=Repair(method="x.mend", request={}, words="let it go"))
    assert list(carry_out([seen("sku 1"), finding], Owner(answer))) == [f"  sku 2: let it go: {statement}"]


def away(_):
    raise AuditIncomplete("catalog does not answer")
    yield


def test_a_check_that_cannot_look_is_blind_and_the_others_look():
    blind = Check(name="b.check", sentence="all is right", look=away)
    report = quickly(blind, looking([seen("sku 1")], [seen("sku 1")]), blind)
    assert [outcome.blind for outcome in report.outcomes] == [
        "catalog does not answer",
        "",
        "catalog does not answer",
    ]
    assert [finding.about for finding in report.findings] == ["sku 1"]
    assert status(report) == FINDINGS
    assert json.loads(as_json(report))["checks"][0]["blind"] == "catalog does not answer"
    assert "b.check                          ?       ?  could not look: catalog does not answer" in as_text(report)


def test_what_nobody_could_look_at_is_not_clean():
    report = quickly(Check(name="b.check", sentence="all is right", look=away), looking([]))
    assert not report.clean
    assert status(report) == AUDIT_INCOMPLETE
    assert as_text(report).splitlines()[-1].startswith("could not look at everything in")


def test_a_second_look_that_cannot_be_taken_leaves_the_check_blind():
    looks = iter([[seen("sku 1")]])

    def look(_):
        try:
            yield from next(looks)
        except StopIteration:
            raise AuditIncomplete("gone") from None

    report = quickly(Check(name="a.check", sentence="all is right", look=look))
    assert (report.findings, report.outcomes[0].blind) == ([], "gone")


class Slow(Shelf):
    """A service that cannot look at more than three rows within its time."""

    def call(self, method, request):
        self.requested.append(len(request["ids"]) if request.get("ids") else request["limit"])
        wanted = request.get("ids") or [each["key"] for each in self.lists[method]]
        first = next((at for at, key in enumerate(wanted) if key > (request.get("after") or "")), len(wanted))
        shown = wanted[first:] if request.get("ids") else wanted[first : first + request["limit"]]
        if len(shown) > 3:
            raise Failed("slow")
        return {"items": documents(*shown), "checked": len(shown), "next": shown[-1] if shown else None}


def test_a_page_that_is_too_much_for_a_service_is_asked_for_in_smaller_ones():
    queries = Slow(door=documents(*"abcdefgh"))
    assert [each["key"] for page in pages(queries, "door", {}) for each in page["items"]] == list("abcdefgh")
    assert queries.requested[:4] == [500, 100, 20, 4]
    narrow = Narrowed(queries, "abcdefgh").pages("door")
    assert [each["key"] for page in narrow for each in page["items"]] == list("abcdefgh")


def test_what_fails_for_a_single_row_cannot_be_looked_at():
    class Broken(Slow):
        def call(self, method, request):
            raise Failed("broken")

    for look in (pages(Broken(), "door", {}), Narrowed(Broken(), "ab").pages("door")):
        with pytest.raises(AuditIncomplete):
            list(look)
