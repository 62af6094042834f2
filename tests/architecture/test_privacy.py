"""Personal data is encrypted: every column with a personal name is encrypted or listed here with a reason."""

import re

import pytest
import sqlalchemy as sa

from local import privacy_table
from local.system import SERVICES
from shared.idempotency import idempotency
from shared.personal import Until, blind_indexes_of, personal_of
from shared.testing import fresh_database
from shared.testing.databases import drop_database
from shared.topology import service_class

PERSONAL = re.compile(
    r"name|mail|phone|mobile|contact|address|street|postcode|province|city|district|recipient|payer|birth|gender"
    r"|(^|_)ip($|_)|user_agent|note|text|comment|message|answer|body|document|openid|proof|place|reason_text"
)
KNOWN = {  # why it is not encrypted: it contains no personal data, or none by itself
    "catalog": {
        "category.name": "of a category",
        "product.option_names": "of products",
        "product.search_text": "of products",
        "product_import.filename": "of a merchant's product file",
        "shop.name": "a shop's, public",
    },
    "users": {
        "audit_invariant.name": "of an invariant",
        "message.mail_reason": "why no mail went out",
        "message.mail_state": "whether mail went out",
        "address.city": "with the division code: hundreds of thousands live there",
        "address.district": "as the city",
        "address.province": "as the city",
        "shop.name": "a shop's, public",
        "shop.name_en": "a shop's, public",
    },
    "orders": {
        "carrier_report.place": "where a parcel was: a town or a depot",
        "parcel_trace.place": "where a parcel was: a town or a depot",
    },
    "payments": {
        "manual_settlements.note": "why two operators settled a refund by hand; evidence, kept with the ledger",
        "manual_settlements.proof": "the number of a bank's receipt",
        "ledger_accounts.name": "of an account of the ledger",
        "provider_notifications.document": "the provider's notification, without the payer",
    },
    "marketing": {
        "campaigns.name_en": "of a campaign",
        "campaigns.name_zh": "of a campaign",
    },
}
EVERYWHERE = {
    "dead_letter.body": "a message, and messages carry ids",
    "dead_letter.message": "of an exception, without values (shared.engine)",
    "operator_log.note": "why an operator acted; operators must not write personal data",
    "outbox.body": "a message, and messages carry ids",
    "proven.check_name": "of a check",
    "saga.name": "of a kind of saga",
    "switches.name": "of a capability or provider",
    "saga_summary.name": "of a kind of saga",
    "saga_transition.note": "why an operator acted; operators must not write personal data",
}
NOT_PERSONAL = {"uuid", "timestamp with time zone", "bigint", "integer", "boolean", "date"}
COLUMNS = """
    SELECT table_name || '.' || column_name AS name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY 1
"""


@pytest.fixture(params=SERVICES)
def stored(request):
    """A service's name, and the columns of its database with their types."""
    url = fresh_database(request.param)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        columns = {row.name: row.data_type for row in connection.execute(sa.text(COLUMNS))}
    engine.dispose()
    drop_database(url)
    return request.param, columns


def places(service, of):
    tables = [*privacy_table.personal_tables(service), idempotency]
    return {f"{table.name}.{column.name}" for table in tables for column in of(table)}


def test_every_column_that_looks_personal_is_encrypted_or_listed_with_a_reason(stored):
    service, columns = stored
    listed = KNOWN[service] | EVERYWHERE
    known = places(service, personal_of) | places(service, blind_indexes_of)
    suspicious = {
        name
        for name, kind in columns.items()
        if kind not in NOT_PERSONAL and PERSONAL.search(name.partition(".")[2])
    }
    assert suspicious - known - set(listed) == set()


def test_listed_columns_exist_and_are_not_encrypted(stored):
    service, columns = stored
    assert {name for name in KNOWN[service] if name not in columns} == set()
    assert set(KNOWN[service]) & places(service, personal_of) == set()


def test_encrypted_columns_store_bytes(stored):
    service, columns = stored
    assert {columns[place] for place in places(service, personal_of) | places(service, blind_indexes_of)} == {
        "bytea"
    }


def test_the_page_is_up_to_date():
    assert privacy_table.PAGE.read_text() == privacy_table.page(), "make docs"


def test_data_kept_until_the_erasure_of_its_user_is_erased():
    for service in SERVICES:
        kept = {t.name for t in privacy_table.personal_tables(service) if _until_erased(t)}
        eraser = getattr(service_class(service), "eraser", None)
        assert kept <= {holding.table.name for holding in eraser.holdings} if eraser else not kept, service


def _until_erased(table):
    return any(column.type.retention is Until.ERASED for column in personal_of(table))
