"""Users and permissions on the broker.

Services, their relays and the process that declares the topology may do everything. The gateway, which is exposed
to the network, and the auditor may only call services: their users cannot publish a command or an event, read a
service's queue or change the topology. The gateway also consumes events, to wake its streams.

Permissions are regular expressions over names: to declare (configure), to publish and to bind a queue (write), to
consume and to bind to an exchange (read). Topic permissions are over routing keys: which may be published (write),
and which a queue may be bound by (read). Without them a caller could bind its queue to all calls, which carry
passwords and tokens, or answer calls in a service's place.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from shared import manifest
from shared.message_encoding import RPC

OWN_QUEUES = r"rpc\.reply-.*|amq\.gen-.*"  # exclusive: no other connection can use them, whatever its permissions


@dataclass(frozen=True)
class Permissions:
    """Three regular expressions."""

    configure: str
    write: str
    read: str


CALLS = f"^({RPC}|{OWN_QUEUES})$"
CALLERS = {
    "gateway": Permissions(configure=f"^({OWN_QUEUES})$", write=CALLS, read=f"^({RPC}|events|{OWN_QUEUES})$"),
    "auditor": Permissions(configure=f"^({OWN_QUEUES})$", write=CALLS, read=CALLS),
}
METHOD = rf"^({'|'.join(sorted(manifest.get().service_names))})\.[a-z_]+$"
OWN_ANSWERS = "^[0-9a-f]{32}$"  # the random key that a caller chose for its replies


@dataclass(frozen=True)
class TopicPermissions:
    """Two regular expressions over the routing keys of an exchange."""

    exchange: str
    write: str
    read: str


CALLS_ONLY = TopicPermissions(RPC, write=METHOD, read=OWN_ANSWERS)
# gateway.changes.TOPICS
WOKEN_BY = (
    r"^(orders\.#|payments\.#|users\.(session_ended|shop_approved|shop_changed|shop_suspended)\.v1"
    r"|catalog\.(availability_changed|product_changed|product_published|product_withdrawn)\.v1)$"
)
TOPICS = {
    "gateway": (CALLS_ONLY, TopicPermissions("events", write="^$", read=WOKEN_BY)),
    "auditor": (CALLS_ONLY,),
}
USERS = {"jishi": Permissions(".*", ".*", ".*"), **CALLERS}


def definitions(passwords: Mapping[str, str], vhost: str) -> str:
    """The users with their permissions in a vhost, as RabbitMQ loads them at its start (`load_definitions`)."""
    users = [{"name": name, "tags": "", **_hashed(passwords[name])} for name in USERS]
    permissions = [{"user": name, "vhost": vhost, **asdict(rights)} for name, rights in USERS.items()]
    topics = [{"user": name, "vhost": vhost, **asdict(each)} for name, some in TOPICS.items() for each in some]
    made = {"users": users, "permissions": permissions, "topic_permissions": topics}
    return json.dumps({"vhosts": [{"name": vhost}], **made}, indent=1)


def _hashed(password: str) -> dict[str, str]:
    """RabbitMQ's salted hash: four bytes of salt, then the SHA-256 of salt and password."""
    salt = secrets.token_bytes(4)
    digest = salt + hashlib.sha256(salt + password.encode()).digest()
    return {
        "password_hash": base64.b64encode(digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
    }
