"""Metrics of the sagas."""

from prometheus_client import Counter, Gauge

open_now = Gauge("jishi_sagas", "Sagas under way", ["saga", "status"])
oldest = Gauge("jishi_saga_oldest_seconds", "Seconds since the last move, the longest", ["saga", "status"])
ended = Counter("jishi_sagas_ended_total", "Sagas that ended, done or undone", ["saga", "status"])
alarms = Counter("jishi_saga_alarms_total", "Sagas that need a person", ["saga", "step"])
