"""The auditor's results: the last report, what becomes of findings, and requests for their repair."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.auth import Caller
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import logged
from users.audits.model import FindingNotFound, FindingNotRepairable, Report, last_quarters

OPERATOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.OPERATOR}))
AUDITOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.AUDITOR}))
ADVICE = {"zh": "盘点实物", "en": "count the units"}
CHECKOUT = str(new_id())
RELEASE = {
    "method": "orders.release_orphan",
    "request": {"checkout_id": CHECKOUT, "what": "stock"},
    "description": {"zh": "释放它占用的库存", "en": "release its stock"},
}


def finding(about, **known):
    default = {"detail": "3 of 2", "facts": '{"reserved": 3}', "since": None, "repair": None, "advice": ADVICE}
    return {"about": about, **default, **known}


def check(name, *findings, **known):
    default = {"checked": 70, "incremental": False, "blind": "", "waiting": 0, "milliseconds": 12}
    means = {"zh": "在库等于流水之和", "en": "on_hand is the sum of the journal"}
    return {"name": name, "means": means, **default, "number": len(findings), "findings": findings, **known}


@pytest.fixture
def report(users):
    """Store a report: now, or so long ago."""

    def _report(*checks, ago=timedelta(), every=60):
        began = (datetime.now(UTC) - ago).isoformat()
        request = {"began_at": began, "milliseconds": 400, "every": every, "checks": list(checks)}
        users.store_audit_report(AUDITOR, request)
        return began

    return _report


@pytest.fixture
def audit(users):
    return lambda: users.get_audit(OPERATOR, {})


@pytest.fixture
def findings(users):
    return lambda **which: users.list_audit_findings(OPERATOR, which)["items"]


def states(shown):
    return {each["name"]: each["state"] for each in shown["invariants"]}


def test_before_the_first_report_nothing_is_known(audit):
    shown = audit()
    assert (shown["state"], shown["began_at"], shown["invariants"], shown["history"]) == ("unknown", None, [], [])


def test_a_report_without_findings_is_clean_and_names_what_was_checked(audit, report):
    began = report(check("stock.levels", incremental=True), check("ledger.total", checked=1))
    shown = audit()
    assert (shown["state"], shown["checked"], shown["findings"]) == ("clean", 71, 0)
    assert shown["began_at"] == began
    levels = shown["invariants"][0]
    assert (levels["name"], levels["state"], levels["incremental"]) == ("stock.levels", "holds", True)
    assert (levels["checked_at"], levels["since"], levels["means"]["zh"]) == (began, began, "在库等于流水之和")


def test_what_was_checked_in_full_is_kept_while_audits_are_incremental(audit, report):
    full = report(check("stock.levels", checked=900), ago=timedelta(minutes=2))
    report(check("stock.levels", checked=3, incremental=True), ago=timedelta(minutes=1))
    report(check("stock.levels", blind="no reply"))
    (levels,) = audit()["invariants"]
    assert (levels["checked"], levels["full_checked"], levels["full_at"]) == (3, 900, full)


def test_an_auditor_that_is_silent_for_longer_than_its_period_is_never_clean(users, audit, report, open_work):
    report(check("stock.levels"))
    with open_work() as work:
        stored = work.audits.report()
        overdue = stored.stored_at - timedelta(minutes=5)
        work.audits.save_report(Report(**{**vars(stored), "stored_at": overdue}))
    shown = audit()
    assert (shown["state"], states(shown)) == ("unknown", {"stock.levels": "unknown"})
    assert shown["invariants"][0]["since"] == shown["expected_by"]
    assert datetime.fromisoformat(shown["expected_by"]) < datetime.now(UTC)


def test_a_check_that_could_not_run_is_unknown_and_keeps_what_was_checked_before(audit, report):
    before = report(check("stock.levels"), check("ledger.total"), ago=timedelta(minutes=1))
    report(check("stock.levels", blind="catalog does not answer", checked=0), check("ledger.total"))
    shown = audit()
    assert (shown["state"], states(shown)["stock.levels"]) == ("incomplete", "unknown")
    levels = shown["invariants"][0]
    assert (levels["blind"], levels["checked"], levels["checked_at"]) == ("catalog does not answer", 70, before)


def test_a_finding_is_seen_again_until_it_is_resolved_and_may_come_back(audit, report, findings):
    about = f"sku {new_id()}"
    first = report(check("stock.levels", finding(about)), ago=timedelta(minutes=3))
    second = report(check("stock.levels", finding(about, detail="4 of 2")), ago=timedelta(minutes=2))
    assert (audit()["state"], audit()["findings"]) == ("findings", 1)
    (found,) = findings(state="open")
    assert (found["first_seen_at"], found["last_seen_at"], found["seen"]) == (first, second, 2)
    assert (found["detail"], found["facts"], found["advice"]) == ("4 of 2", {"reserved": 3}, ADVICE)
    report(check("stock.levels"), ago=timedelta(minutes=1))
    assert (audit()["state"], findings(state="open")) == ("clean", [])
    assert [each["finding_id"] for each in findings(state="resolved")] == [found["finding_id"]]
    report(check("stock.levels", finding(about)))
    assert [each["seen"] for each in findings()] == [1, 2]


def test_findings_of_a_check_that_could_not_run_or_lists_only_some_are_not_resolved(report, findings):
    kept = [f"sku {new_id()}", f"checkout {new_id()}"]
    report(
        check("stock.levels", finding(kept[0])), check("stock.claims", finding(kept[1])), ago=timedelta(minutes=1)
    )
    more = check("stock.claims", finding(f"checkout {new_id()}"), number=200)
    report(check("stock.levels", blind="no reply"), more)
    assert set(kept) < {each["about"] for each in findings(state="open")}


def test_a_report_that_arrives_late_or_twice_changes_nothing(audit, report, findings, users):
    report(check("stock.levels"))
    report(check("stock.levels", finding("sku late")), ago=timedelta(minutes=1))
    assert (audit()["state"], findings()) == ("clean", [])


def test_findings_are_listed_by_invariant_in_pages(users, report, findings):
    report(check("stock.levels", *(finding(f"sku {n}") for n in range(3))), check("ledger.total", finding("CNY")))
    first = users.list_audit_findings(OPERATOR, {"invariant": "stock.levels", "limit": 2})
    rest = findings(invariant="stock.levels", cursor=first["next"])
    assert [each["about"] for each in (*first["items"], *rest)] == ["sku 2", "sku 1", "sku 0"]


def test_the_history_shows_the_worst_of_each_quarter_of_an_hour_by_area(audit, report):
    report(check("stock.levels", finding("sku 1")), check("ledger.total"), ago=timedelta(hours=2))
    report(check("stock.levels"), check("ledger.total", blind="no reply"))
    history = {each["area"]: each["quarters"] for each in audit()["history"]}
    assert {len(quarters) for quarters in history.values()} == {96}
    assert history["stock"][-1] == "clean"
    assert history["ledger"][-1] == "incomplete"
    assert [state for state in history["stock"] if state != "unknown"] == ["findings", "clean"]
    assert last_quarters(datetime(2026, 11, 27, 14, 7, tzinfo=UTC))[-1].minute == 0


def test_a_repair_is_requested_with_a_reason_which_is_logged(users, report, findings, open_work):
    report(check("stock.claims", finding(f"checkout {CHECKOUT}", repair=RELEASE)))
    (found,) = findings()
    assert found["repair"] == {"service": "orders", "description": RELEASE["description"]}
    requested = users.repair_finding(OPERATOR, {"finding_id": found["finding_id"], "reason": "he called"})
    assert (requested["method"], requested["request"]) == (RELEASE["method"], RELEASE["request"])
    assert requested["finding"]["repair_requested_by"] == str(OPERATOR.user_id)
    with open_work() as work:
        (entry,) = [one for one in logged(work) if one["action"] == "audit.request_repair"]
    assert (entry["actor"], entry["note"]) == (str(OPERATOR.user_id), "he called")
    assert entry["about"] == f"finding {found['finding_id']}"
    assert entry["after"] == {"invariant": "stock.claims", "finding": f"checkout {CHECKOUT}"}


def test_what_is_resolved_or_repaired_by_hand_is_not_repaired(users, report, findings, open_work):
    repaired = lambda one: users.repair_finding(OPERATOR, {"finding_id": one, "reason": "why"})  # noqa: E731
    with pytest.raises(FindingNotFound):
        repaired(str(new_id()))
    report(check("stock.levels", finding("sku 1")), check("stock.claims", finding("checkout 1", repair=RELEASE)))
    by_hand = findings(invariant="stock.levels")[0]["finding_id"]
    resolved = findings(invariant="stock.claims")[0]["finding_id"]
    report(check("stock.levels", finding("sku 1")), check("stock.claims"))
    for one in (by_hand, resolved):
        with pytest.raises(FindingNotRepairable):
            repaired(one)
    with open_work() as work:
        assert [one["action"] for one in logged(work)] == []
