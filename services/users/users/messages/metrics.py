"""Metrics of mail."""

from prometheus_client import Counter, Gauge

mails = Counter("jishi_mails_total", "Messages, by the outcome of their mail", ["purpose", "outcome"])
mail_on = Gauge("jishi_mail_on", "1 if mail is sent, 0 if messages are only put into the inbox")
