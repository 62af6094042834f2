"""What payments tells its operators besides its logs."""

from prometheus_client import Counter, Gauge

money = Counter("jishi_captures_total", "Transactions of providers, by what became of the money", ["standing"])
forged = Counter("jishi_forged_notifications_total", "Reports that were not the provider's")
attention = Gauge("jishi_refunds_needing_a_person", "Refunds that do not get on by themselves, by why", ["why"])
unidentified = Gauge("jishi_unidentified_money", "Movements of money that nothing explains, not seen to yet")
unjudged = Gauge("jishi_unjudged_reports", "Reports of providers that are stored and could not be judged yet")
not_understood = Counter("jishi_reports_not_understood_total", "Genuine reports of providers that we cannot read")
