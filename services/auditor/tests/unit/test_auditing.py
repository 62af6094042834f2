"""Which findings count, and how the documents of two services are merged."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from auditor.audit import audit
from auditor.checks import AuditIncomplete, Check, Counted, Finding, Repair
from auditor.joined import joined, latest
from auditor.queries import Narrowed, QueryFailed, pages
from auditor.repairs import carry_out
from auditor.report import AUDIT_INCOMPLETE, CLEAN, FINDINGS, as_json, as_text, status
from shared.contracts.catalog.audit import AuditClaims
from shared.contracts.orders.audit import AuditCheckouts
from shared.errors import Conflict

HOUR = timedelta(hours=1)


class FakeQueries:
    """Audit queries that return lists, two documents a page, and record their requests."""

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


def test_documents_of_two_services_are_paired_by_key_and_unpaired_ones_are_included():
    ours, theirs = documents("a", "b", "d", "e"), documents("b", "c", "e", "f", "g")
    queries = FakeQueries(**{AuditCheckouts.contract.method: ours, AuditClaims.contract.method: theirs})
    found = joined(queries, AuditCheckouts, AuditClaims, "key")
    pairs = [(one and one["key"], other and other["key"]) for one, other in found]
    assert pairs == [
        ("a", None), ("b", "b"), (None, "c"), ("d", None), ("e", "e"), (None, "f"), (None, "g"),
    ]  # fmt: skip


def test_the_later_change_of_two_documents_counts():
    early, late = {"since": "2026-01-01T10:00:00+08:00"}, {"since": "2026-01-01T03:00:00+00:00"}
    assert latest(early, late) == datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert latest(early, None) == datetime(2026, 1, 1, 2, tzinfo=UTC)
    assert latest(None, {"since": None}) is None


def finding_of(about, **known):
    return Finding(check="a.check", about=about, detail="is wrong", advice="check it", **known)


def finding(*runs, **known):
    """A check that finds the next list each time it runs."""
    lists = iter(runs)
    return Check(name="a.check", sentence="all is right", run=lambda _: [Counted(3), *next(lists)], **known)


def audited(*checks, grace=HOUR, queries=None):
    return audit(checks, queries or FakeQueries(), grace=grace, pause=lambda: None)


def test_a_finding_that_is_not_confirmed_does_not_count():
    report = audited(
        finding([finding_of("sku 1"), finding_of("sku 2")], [finding_of("sku 2"), finding_of("sku 3")])
    )
    assert [finding.about for finding in report.findings] == ["sku 2"]
    assert report.outcomes[0].checked == 3


def test_a_finding_that_is_too_recent_does_not_count():
    recent, old = datetime.now(UTC) - HOUR / 2, datetime.now(UTC) - 2 * HOUR
    found = [finding_of("sku 1", since=recent), finding_of("sku 2", since=old)]
    report = audited(finding(found, found))
    assert [finding.about for finding in report.findings] == ["sku 2"]
    assert report.outcomes[0].waiting == 1
    assert len(audited(finding(found, found), grace=None).findings) == 2


def test_a_check_without_findings_does_not_run_again():
    assert audited(finding([])).clean


def test_a_second_run_queries_only_the_keys_found():
    queries = FakeQueries(left=documents("a", "b", "c"))

    def run(queries):
        for page in queries.pages("left"):
            yield from (finding_of(f"sku {each['key']}") for each in page["items"] if each["key"] == "b")

    check = Check(name="a.check", sentence="all is right", run=run, by_key=True)
    assert [finding.about for finding in audited(check, queries=queries).findings] == ["sku b"]
    assert queries.requested == [("left", {}), ("left", {"ids": ["b"]})]


def test_text_and_json_reports_show_findings_and_remedies():
    repair = Repair(method="x.repair", request={}, description="let it go")
    found = [finding_of("sku 1"), finding_of("sku 2", repair=repair, facts={"n": 1})]
    report = audited(finding(found, found))
    text = as_text(report)
    assert "a.check: all is right" in text
    assert "sku 1: is wrong\n    by hand: check it" in text
    assert "sku 2: is wrong\n    --repair: let it go" in text
    (check,) = json.loads(as_json(report))["checks"]
    assert (check["checked"], check["findings"][1]["facts"]) == (3, {"n": 1})
    assert status(report) == FINDINGS
    assert status(audited(finding([]))) == CLEAN


def test_a_long_list_is_cut_in_text_and_not_in_json():
    found = [finding_of(f"sku {number}") for number in range(30)]
    report = audited(finding(found, found))
    assert "and 10 more" in as_text(report)
    assert len(json.loads(as_json(report))["checks"][0]["findings"]) == 30


class Owner:
    """The service that is requested to repair."""

    def __init__(self, answer):
        self.answer = answer

    def call(self, _method, _request):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"repaired": True}, "done"),
        ({"repaired": False}, "nothing left to repair"),
        (Conflict("it moves"), "refused, it moves (conflict)"),
    ],
)
def test_the_outcome_of_a_repair_is_reported(answer, outcome):
    finding = finding_of("sku 2", repair=Repair(method="x.repair", request={}, description="let it go"))
    assert list(carry_out([finding_of("sku 1"), finding], Owner(answer))) == [f"  sku 2: let it go: {outcome}"]


def away(_):
    raise AuditIncomplete("catalog does not answer")
    yield


def test_a_check_whose_query_fails_is_blind_and_the_others_run():
    blind = Check(name="b.check", sentence="all is right", run=away)
    report = audited(blind, finding([finding_of("sku 1")], [finding_of("sku 1")]), blind)
    assert [outcome.blind for outcome in report.outcomes] == [
        "catalog does not answer",
        "",
        "catalog does not answer",
    ]
    assert [finding.about for finding in report.findings] == ["sku 1"]
    assert status(report) == FINDINGS
    assert json.loads(as_json(report))["checks"][0]["blind"] == "catalog does not answer"
    assert "b.check                          ?       ?  could not run: catalog does not answer" in as_text(report)


def test_a_report_with_a_blind_check_is_not_clean():
    report = audited(Check(name="b.check", sentence="all is right", run=away), finding([]))
    assert not report.clean
    assert status(report) == AUDIT_INCOMPLETE
    assert as_text(report).splitlines()[-1].startswith("incomplete in")


def test_a_check_whose_second_run_fails_is_blind():
    runs = iter([[finding_of("sku 1")]])

    def run(_):
        try:
            yield from next(runs)
        except StopIteration:
            raise AuditIncomplete("gone") from None

    report = audited(Check(name="a.check", sentence="all is right", run=run))
    assert (report.findings, report.outcomes[0].blind) == ([], "gone")


class Slow(FakeQueries):
    """A service whose query times out for more than three rows."""

    def call(self, method, request):
        self.requested.append(len(request["ids"]) if request.get("ids") else request["limit"])
        wanted = request.get("ids") or [each["key"] for each in self.lists[method]]
        first = next((at for at, key in enumerate(wanted) if key > (request.get("after") or "")), len(wanted))
        shown = wanted[first:] if request.get("ids") else wanted[first : first + request["limit"]]
        if len(shown) > 3:
            raise QueryFailed("slow")
        return {"items": documents(*shown), "checked": len(shown), "next": shown[-1] if shown else None}


def test_a_page_that_is_too_large_is_requested_in_smaller_ones():
    queries = Slow(query=documents(*"abcdefgh"))
    assert [each["key"] for page in pages(queries, "query", {}) for each in page["items"]] == list("abcdefgh")
    assert queries.requested[:4] == [500, 100, 20, 4]
    narrowed = Narrowed(queries, "abcdefgh").pages("query")
    assert [each["key"] for page in narrowed for each in page["items"]] == list("abcdefgh")


def test_a_query_that_fails_for_a_single_row_is_incomplete():
    class Failing(Slow):
        def call(self, method, request):
            raise QueryFailed("failed")

    for found in (pages(Failing(), "query", {}), Narrowed(Failing(), "ab").pages("query")):
        with pytest.raises(AuditIncomplete):
            list(found)
