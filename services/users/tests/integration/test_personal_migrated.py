"""What was stored before it was encrypted is encrypted, and read as it was."""

import importlib.util

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from services.users.tests.builders import address, sign_in, signed_in
from shared.migrate import folder


def migration():
    spec = importlib.util.spec_from_file_location("personal", folder("users") / "0012_pre_personal.py")
    revision = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(revision)
    return revision


def test_accounts_and_addresses_of_before_are_encrypted_and_found(users, open_work):
    mei = signed_in(users)
    users.add_address(mei, address(postcode=""))
    before = users.list_addresses(mei, {})
    with open_work.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration().downgrade()
        assert connection.execute(text("SELECT email FROM account")).scalar_one() == "mei.lin@example.com"
        migration().upgrade()
        assert b"mei" not in bytes(connection.execute(text("SELECT email FROM account")).scalar_one())
    assert sign_in(users).user_id == mei.user_id
    assert users.list_addresses(mei, {}) == before
