"""What users is made of."""

from shared import auth
from shared.audited import Audited
from shared.db import Database
from shared.operated import Operated
from shared.retained import Retention
from users.accounts.endpoints import Accounts
from users.addresses.endpoints import Addresses
from users.messages.endpoints import Messages
from users.retention import RULES
from users.sessions.endpoints import Sessions
from users.shops.endpoints import Shops
from users.work import Work


class UsersService(Accounts, Sessions, Shops, Addresses, Messages, Operated, Audited):
    """Accounts, sessions, roles, addresses, shops, and messages to people."""

    name = "users"
    secrets = (auth.read_private_key,)
    work = Database(Work)
    retention = Retention(RULES)
