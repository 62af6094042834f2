"""The saga of one attempt to erase a user."""

import pytest

from shared.contracts import marketing, orders, payments
from shared.contracts.orders import ErasureRefusal, OpenMatter, OpenMatterKind
from shared.ids import new_id
from shared.sagas.conversation import Conversation
from users.erasure.model import ErasureProcess
from users.sagas import erasure


@pytest.fixture
def talk():
    return Conversation(erasure.saga, ErasureProcess(user_id=new_id(), attempt_id=new_id())).did("begin")


def test_all_services_erase_and_the_account_is_closed_last(talk):
    talk.asks(orders.EraseBuyer).told_yes()
    talk.asks(payments.ErasePayer).told_yes()
    talk.asks(marketing.EraseCouponHolder).told_yes()
    talk.did("close").ends("done")


def test_after_a_refusal_by_orders_no_other_command_is_sent_and_open_matters_are_stored(talk):
    matter = OpenMatter(kind=OpenMatterKind.REFUND, id=new_id())
    user_id = talk.now.state.user_id
    talk.told(orders.ErasureRefused(user_id=user_id, reason=ErasureRefusal.MATTERS_OPEN, open=(matter,)))
    talk.did("undo begin").ends("undone")
    assert [(str(each.kind), each.id) for each in talk.now.state.open] == [("refund", matter.id)]


def test_a_command_is_sent_again_until_the_service_has_erased(talk):
    talk.told_nothing().asks(orders.EraseBuyer).told_yes()
    talk.asks(payments.ErasePayer).told_nothing()
    talk.asks(payments.ErasePayer).told_yes()
    talk.asks(marketing.EraseCouponHolder).told_yes()
    talk.did("close").ends("done")
