"""A provider's report: proven genuine, stored, then judged, once."""

from payments import metrics
from payments.provider import ForgedNotification, Provider
from payments.schemas import Report
from payments.use_cases import reporting
from payments.work import Work
from shared import observe
from shared.db import OpenWork
from shared.errors import Unauthenticated


class Forged(Unauthenticated):
    """This report does not come from the provider, is too old, or is meant for somebody else."""

    code = "forged_notification"


def hear(open_work: OpenWork[Work], provider: Provider, report: Report) -> dict[str, str]:
    """Take a report in and answer as WeChat Pay wishes to be answered; a repeated one changes nothing."""
    try:
        notification = provider.read_notification(report.headers, report.body)
    except ForgedNotification as forged:
        metrics.forged.inc()
        observe.log.warning("forged notification", why=str(forged))
        raise Forged from forged
    reporting.hear(open_work, "wechat", notification)
    return {"code": "SUCCESS"}
