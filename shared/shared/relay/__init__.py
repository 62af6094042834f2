"""The relay publishes a service's outbox. It is a separate process that uses pika and no eventlet.

    python -m shared.relay catalog

rows.py       database access: lease, claims, sent and failed rows
lanes.py      order of publishing: one unconfirmed message per subject
publisher.py  the broker: confirms, returns, reconnects
frames.py     the bytes of a message
relay.py      the control loop
"""
