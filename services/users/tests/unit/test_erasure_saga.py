"""One try to erase a person, told as a story."""

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


def test_everybody_erases_and_the_account_is_closed_last(talk):
    talk.asks(orders.EraseBuyer).told_yes()
    talk.asks(payments.ErasePayer).told_yes()
    talk.asks(marketing.EraseCouponHolder).told_yes()
    talk.did("close").ends("done")


def test_refused_by_orders_nobody_else_is_asked_and_what_is_open_is_kept(talk):
    matter = OpenMatter(kind=OpenMatterKind.REFUND, id=new_id())
    user_id = talk.now.state.user_id
    talk.told(orders.ErasureRefused(user_id=user_id, reason=ErasureRefusal.MATTERS_OPEN, open=(matter,)))
    talk.did("undo begin").ends("undone")
    assert [(str(each.kind), each.id) for each in talk.now.state.open] == [("refund", matter.id)]


def test_a_silent_service_is_told_again_until_it_has_erased(talk):
    talk.told_nothing().asks(orders.EraseBuyer).told_yes()
    talk.asks(payments.ErasePayer).told_nothing()
    talk.asks(payments.ErasePayer).told_yes()
    talk.asks(marketing.EraseCouponHolder).told_yes()
    talk.did("close").ends("done")
