"""The enums in the contract have exactly the values of the domain."""

import pytest

from shared.contracts.users import views
from shared.permissions import Role
from users.accounts.model import GrantedRole
from users.shops.model import Duty, ShopState


@pytest.mark.parametrize(("shown", "kept"), [(views.ShopState, ShopState), (views.ShopDuty, Duty)])
def test_a_view_has_the_states_and_duties_of_the_domain(shown, kept):
    assert {each.value for each in shown} == {each.value for each in kept}


def test_account_roles_are_the_granted_roles_and_merchant():
    assert {each.value for each in views.AccountRole} == {*GrantedRole, Role.MERCHANT} == set(Role) - {Role.ANYONE}
