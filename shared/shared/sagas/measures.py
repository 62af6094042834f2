"""Metrics of the sagas."""

from prometheus_client import Counter, Gauge

open_now = Gauge("jishi_sagas", "Sagas that have not ended", ["saga", "status"])
oldest = Gauge("jishi_saga_oldest_seconds", "Longest time since the last transition", ["saga", "status"])
ended = Counter("jishi_sagas_ended_total", "Sagas that ended, done or undone", ["saga", "status"])
alarms = Counter("jishi_saga_alarms_total", "Alarms: a step unanswered too often, or stuck", ["saga", "step"])
