"""Operator routes of every service: the overview, dead letters, switches, and the operator log."""

from gateway import composed, every_service, overview
from gateway.config import KIB
from gateway.overview_views import Overview, SettingsOfProcesses
from gateway.route import get, post, put, tagged
from shared.contracts.operating import requests as o
from shared.contracts.operating.status import GetServiceSettings, GetServiceStatus

DEAD_LETTERS = "/operator/dead-letters"
DEAD_LETTER = "/operator/dead-letters/{service}/{dead_letter_id:uuid}"

ROUTES = (
    tagged(
        "Overview",
        get(
            "/operator/overview",
            GetServiceStatus,
            "Show the state of the system",
            answers=Overview,
            within=2,
            name="operating.get_overview",
            **overview.ROUTE,
        ),
        get(
            "/operator/settings",
            GetServiceSettings,
            "List the settings of the processes",
            answers=SettingsOfProcesses,
            within=2,
            name="operating.list_settings",
            **overview.SETTINGS,
        ),
    )
    + tagged(
        "Dead letters",
        get(
            DEAD_LETTERS,
            composed.ListDeadLettersOfServices,
            "List messages that could not be handled",
            answers=composed.DeadLetters,
            **every_service.all_or_one("list_dead_letters", "dead_letter_id"),
        ),
        get(
            f"{DEAD_LETTERS}/groups",
            o.ListDeadLetterGroups,
            "List dead letters by topic and cause",
            answers=composed.DeadLetterGroups,
            **every_service.all_together("list_dead_letter_groups", largest_by="number"),
        ),
        get(
            DEAD_LETTER,
            o.GetDeadLetter,
            "Show a dead letter with its cause",
            answers=composed.DeadLetterDetailOfService,
            **every_service.one("get_dead_letter"),
        ),
        post(
            f"{DEAD_LETTER}/retry",
            o.RetryDeadLetter,
            "Retry a dead letter",
            answers=composed.DeadLetterDetailOfService,
            **every_service.one("retry_dead_letter"),
        ),
        post(
            f"{DEAD_LETTER}/retry-edited",
            o.RetryEditedDeadLetter,
            "Retry a dead letter with an edited body",
            answers=composed.DeadLetterDetailOfService,
            most=320 * KIB,
            **every_service.one("retry_edited_dead_letter"),
        ),
        post(
            f"{DEAD_LETTER}/archive",
            o.ArchiveDeadLetter,
            "Archive a dead letter",
            answers=composed.DeadLetterDetailOfService,
            **every_service.one("archive_dead_letter"),
        ),
        post(
            f"{DEAD_LETTERS}/{{service}}/retry",
            o.RetryDeadLetters,
            "Retry all dead letters of a kind",
            answers=composed.DeadLettersRetriedOfService,
            **every_service.one("retry_dead_letters"),
        ),
        post(
            f"{DEAD_LETTERS}/{{service}}/archive",
            o.ArchiveDeadLetters,
            "Archive all dead letters of a kind",
            answers=composed.DeadLettersArchivedOfService,
            **every_service.one("archive_dead_letters"),
        ),
        get(
            "/operator/log",
            composed.ListOperatorLogOfServices,
            "List the operator log",
            answers=composed.OperatorLog,
            **every_service.all_or_one("list_operator_log", "entry_id"),
        ),
    )
    + tagged(
        "Switches",
        get(
            "/operator/switches",
            o.ListSwitches,
            "List the switches",
            answers=composed.Switches,
            **every_service.all_together("list_switches"),
        ),
        put(
            "/operator/switches/{service}/{name}",
            o.SetSwitch,
            "Switch a capability or provider off or on",
            answers=composed.SwitchOfService,
            **every_service.one("set_switch"),
        ),
    )
)
