"""Counting, in a transaction."""

from sqlalchemy import text

from shared.provider_calls.work import CallsWork

COUNT = text("""
    INSERT INTO tally VALUES (:subject, 1)
    ON CONFLICT (subject) DO UPDATE SET times = tally.times + 1
""")
TIMES = text("SELECT coalesce(sum(times), 0) FROM tally WHERE subject LIKE :subject")


class Work(CallsWork):
    def count(self, subject) -> None:
        self.connection.execute(COUNT, {"subject": str(subject)})

    def times(self, subject="%") -> int:
        return self.connection.execute(TIMES, {"subject": str(subject)}).scalar()

    def transaction(self) -> int:
        """The id of this transaction."""
        return self.connection.execute(text("SELECT txid_current()")).scalar()
