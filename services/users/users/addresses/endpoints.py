"""RPC methods of addresses."""

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.users.requests import AddAddress, ChangeAddress, ListAddresses, RemoveAddress
from shared.contracts.users.views import Address
from shared.entrypoints import answers
from users.addresses import use_cases, views
from users.work import Work


class Addresses:
    """The caller's own saved addresses."""

    @answers(ListAddresses)
    def list_addresses(self, work: Work, caller: Caller, _request: ListAddresses) -> Page[Address]:
        return views.addresses(work.addresses.of(caller.account))

    @answers(AddAddress)
    def add_address(self, work: Work, caller: Caller, request: AddAddress) -> Address:
        return views.address(use_cases.add(work, caller.account, request))

    @answers(ChangeAddress)
    def change_address(self, work: Work, caller: Caller, request: ChangeAddress) -> Address:
        return views.address(use_cases.change(work, caller.account, request))

    @answers(RemoveAddress)
    def remove_address(self, work: Work, caller: Caller, request: RemoveAddress) -> None:
        use_cases.remove(work, caller.account, request.address_id)
