"""The service users, composed of its modules."""

from shared import auth
from shared.audited import Audited
from shared.db import Database
from shared.operated import Operated
from shared.retained import Retention
from shared.sagas import Sagas
from shared.sagas.audited import AuditedSagas
from shared.sagas.messages import saga_messages
from shared.sagas.operated import OperatedSagas
from users.accounts.endpoints import Accounts
from users.addresses.endpoints import Addresses
from users.audits.endpoints import Audits
from users.credentials.endpoints import Credentials
from users.erasing import Erasing
from users.erasure.endpoints import Erasures
from users.messages.endpoints import Messages
from users.retention import RULES
from users.sagas import SAGAS
from users.sessions.endpoints import Sessions
from users.shops.endpoints import Shops
from users.work import Work


class UsersService(
    Accounts,
    Sessions,
    Credentials,
    Shops,
    Addresses,
    Messages,
    Erasures,
    Audits,
    Erasing,
    Operated,
    OperatedSagas,
    Audited,
    AuditedSagas,
):
    """Accounts, sessions, passwords, roles, addresses, shops, messages, erasure, and the auditor's results."""

    name = "users"
    secrets = (auth.read_private_key,)
    work = Database(Work)
    retention = Retention(RULES)
    sagas = Sagas(Work, *SAGAS)
    on_saga_message = saga_messages(*SAGAS)
