"""The store reads what is due from its indexes, however many rows there are."""

from sandbox.store import NEXT_DUE, Notification, Store


def test_the_next_due_row_is_read_from_the_indexes():
    store = Store(":memory:")
    plan = [row["detail"] for row in store._db.execute(f"EXPLAIN QUERY PLAN {NEXT_DUE}")]
    assert all(f"INDEX {table}_due" in " ".join(plan) for table in ("refunds", "notifications"))
    store.close()


def test_the_next_due_row_is_the_earliest():
    store = Store(":memory:")
    assert store.next_due() is None
    about = {
        "out_trade_no": "1",
        "event_type": "TRANSACTION.SUCCESS",
        "url": "http://x",
        "body": "{}",
        "position": 0,
    }
    for number, due_at in enumerate((None, 7.0, 3.0)):
        store.put_notification(Notification(id=str(number), due_at=due_at, **about))
    assert store.next_due() == 3.0
    store.close()
