"""What becomes of mail."""

from prometheus_client import Counter, Gauge

mails = Counter("jishi_mails_total", "Messages, by what became of them as mail", ["purpose", "outcome"])
mail_on = Gauge("jishi_mail_on", "1 where mail is sent, 0 where messages stay in the inbox alone")
