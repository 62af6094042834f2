"""The relay: publishes a service's outbox. A process of its own, in plain Python with pika, without eventlet.

    python -m shared.relay catalog

rows.py       the outbox as the relay sees it: lease, claim, sent, failed
lanes.py      in what order claimed rows leave: one unconfirmed message for each subject
publisher.py  the broker: confirms, returns, reconnects
relay.py      what happens when
"""
