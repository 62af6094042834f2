"""What operators see and do, the same in every service (docs/operating.md).

log      who did what, when and why: written in the transaction of what it tells of
tables   the tables as SQLAlchemy Core sees them
"""
