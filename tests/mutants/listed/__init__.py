"""The mutants, each with one guard disabled: one list for each part of the product."""

from tests.mutants.listed.accounts import ACCOUNTS
from tests.mutants.listed.aftersale import AFTERSALE
from tests.mutants.listed.caching import CACHING
from tests.mutants.listed.delivery import DELIVERY
from tests.mutants.listed.importing import IMPORTING
from tests.mutants.listed.messages import MESSAGES_TO_PEOPLE
from tests.mutants.listed.operating import OPERATING
from tests.mutants.listed.orders import ORDERS
from tests.mutants.listed.participants import PARTICIPANTS
from tests.mutants.listed.sagas import SAGAS
from tests.mutants.listed.texts import TEXTS
from tests.mutants.listed.together import TOGETHER
from tests.mutants.listed.transactions import TRANSACTIONS
from tests.mutants.listed.visibility import VISIBILITY

MUTANTS = [
    *ACCOUNTS,
    *AFTERSALE,
    *CACHING,
    *DELIVERY,
    *IMPORTING,
    *MESSAGES_TO_PEOPLE,
    *OPERATING,
    *ORDERS,
    *PARTICIPANTS,
    *SAGAS,
    *TEXTS,
    *TOGETHER,
    *TRANSACTIONS,
    *VISIBILITY,
]
