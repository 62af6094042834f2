"""The queue of imports: one per shop at a time, continued after any interruption of a worker."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from catalog.importing.use_cases import processing
from catalog.importing.use_cases.processing import process_next
from catalog.importing.use_cases.uploads import ImportInProgress
from services.catalog.tests.builders import approved, merchant_of
from shared.contracts import users
from shared.contracts.catalog import ProductPublished
from shared.errors import Conflict
from shared.ids import new_id

HEADER = "Handle,Title,Variant Price\n"


def file(count, price=5):
    return HEADER + "".join(f"mug-{number},Mug {number},{price}\n" for number in range(count))


@pytest.fixture
def queue(market):
    """Shorthands for requests and events of imports."""

    class Queue:
        def put(self, csv, shop="lakeside", caller=None, **rest):
            return market.call("import_products", caller, shop=shop, csv=csv, **rest)

        def get(self, made):
            return market.call("get_import", import_id=made["import_id"])

        def shop(self, slug):
            shop_id = new_id()
            market.receive(approved(shop_id, slug=slug))
            return {"shop": slug, "caller": merchant_of(shop_id)}

        def expire_lease(self):
            """Let the lease of the running import expire."""
            with market.open_work() as work:
                work.connection.execute(
                    sa.text("UPDATE product_import SET claimed_until = now() - interval '1 s'")
                )

    return Queue()


def test_an_import_waits_until_the_worker_has_processed_it(market, queue):
    made = queue.put(file(3))
    assert (made["state"], made["report"], made["finished_at"]) == ("waiting", None, None)
    assert market.process_next() == "done"
    assert queue.get(made)["state"] == "done"
    assert queue.get(made)["report"]["products"]["created"] == 3
    assert market.process_next() is None


def test_a_shop_has_one_import_at_a_time(market, queue):
    made = queue.put(file(1))
    with pytest.raises(ImportInProgress) as refused:
        queue.put(file(2))
    assert refused.value.facts == {"import_id": made["import_id"]}
    market.process_next()
    assert queue.put(file(2))["state"] == "waiting"


def test_shops_take_turns_and_none_can_fill_the_queue(market, queue):
    hills = queue.shop("hillside")
    mine, theirs = queue.put(file(1)), queue.put(file(1), **hills)
    market.process_next()
    again = queue.put(file(2))
    assert market.process_next() == "done"
    states = [
        queue.get(mine)["state"],
        market.call("get_import", hills["caller"], import_id=theirs["import_id"])["state"],
    ]
    assert (states, queue.get(again)["state"]) == (["done", "done"], "waiting")


def test_a_repeated_key_returns_the_waiting_import(queue):
    made = queue.put(file(1), idempotency_key="once")
    assert queue.put(file(1), idempotency_key="once") == made


def test_two_workers_never_claim_the_same_import(market, queue):
    queue.put(file(1))
    with market.open_work() as one, market.open_work() as other:
        claims = [work.imports.claim(timedelta(seconds=60)) for work in (one, other)]
    assert claims[0] is not None
    assert claims[1] is None
    assert market.process_next() is None


def test_an_import_whose_worker_died_is_continued_by_another(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 2)
    made = queue.put(file(5))

    def die(_seconds):
        raise SystemExit

    with pytest.raises(SystemExit):
        process_next(market.open_work, die)
    assert market.process_next() is None  # the lease has not expired
    queue.expire_lease()
    assert market.process_next() == "done"
    assert queue.get(made)["report"]["products"] == {"created": 5, "changed": 0, "unchanged": 0, "refused": 0}
    assert len(market.published(ProductPublished)) == 5


def test_an_import_tells_how_far_it_is_until_it_has_finished(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 2)
    made, seen = queue.put(file(3)), []

    def look(_seconds):
        seen.append(queue.get(made)["progress"])

    assert process_next(market.open_work, look) == "done"
    products = {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert seen == [{"done": 2, "total": 3, "products": products, "seconds": 0}]
    assert (made["progress"], queue.get(made)["progress"]) == (None, None)


def test_an_import_that_fails_repeatedly_is_given_up_and_reported(market, queue, monkeypatch):
    made = queue.put(file(1))

    def fail(*_):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(processing, "_take", fail)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                market.process_next()
            queue.expire_lease()
    assert market.process_next() == "failed"
    assert queue.get(made)["problem"]["code"] == "import_interrupted"
    assert market.import_file(file(1))["state"] == "done"


def test_a_worker_that_stops_returns_its_import_without_counting_the_attempt(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 2)
    made = queue.put(file(5))
    outcomes, states = [], []
    for _ in range(2):
        outcomes.append(process_next(market.open_work, lambda _seconds: True))
        states.append(queue.get(made)["state"])
    assert (outcomes, states) == (["put_back"] * 2, ["waiting"] * 2)
    assert market.process_next() == "done"
    assert queue.get(made)["report"]["products"]["created"] == 5


def test_a_long_import_yields_to_waiting_ones_and_continues_after_them(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 1)
    monkeypatch.setattr(processing, "TURN", -1.0)
    long, hills = queue.put(file(3)), queue.shop("hillside")
    short = queue.put(file(1), **hills)
    assert market.process_next() == "put_back"
    assert market.process_next() == "done"
    assert market.call("get_import", hills["caller"], import_id=short["import_id"])["state"] == "done"
    assert market.process_next() == "done"
    assert queue.get(long)["report"]["products"]["created"] == 3
    assert len(market.published(ProductPublished)) == 4


def test_a_continued_import_reports_earlier_refusals(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 1)
    deep = HEADER.replace("\n", ",Body (HTML)\n") + f"mug,Mug,5,{'<div>' * 65}\npot,Pot,7,\npan,Pan,seven,\n"
    made = queue.put(deep)
    assert process_next(market.open_work, lambda _seconds: True) == "put_back"
    assert market.process_next() == "done"
    found = queue.get(made)["report"]
    assert [(one["line"], one["code"]) for one in found["errors"]] == [
        (2, "description_too_deep"),
        (4, "price_invalid"),
    ]
    assert (found["errors_total"], found["rows"]) == (2, {"read": 3, "left_out": 2})
    assert found["products"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 2}


def test_a_worker_whose_lease_expired_writes_nothing_more(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 1)
    made = queue.put(file(2))

    def overtaken(_seconds):
        queue.expire_lease()
        with market.open_work() as work:
            work.imports.claim(timedelta(seconds=60))
        return False

    assert process_next(market.open_work, overtaken) == "lost"
    assert queue.get(made)["state"] == "running"
    assert len(market.published(ProductPublished)) == 1


def test_an_import_that_takes_too_long_fails_and_keeps_stored_products(market, queue, monkeypatch):
    monkeypatch.setattr(processing, "PRODUCTS_PER_TRANSACTION", 1)
    monkeypatch.setattr(processing, "LONGEST", -1.0)
    made = queue.put(file(2))
    assert market.process_next() == "failed"
    assert queue.get(made)["problem"]["code"] == "import_too_slow"
    assert len(market.published(ProductPublished)) == 1


def test_an_import_that_needs_too_much_memory_fails_alone(market, queue, monkeypatch):
    made = queue.put(file(1))

    def swallow(*_):
        raise MemoryError

    with monkeypatch.context() as small:
        small.setattr(processing.shopify_csv, "read", swallow)
        assert market.process_next() == "failed"
    assert queue.get(made)["problem"]["code"] == "import_too_big"


def test_a_file_with_too_many_rows_fails_with_the_limit(market):
    found = market.import_file(file(20_001))
    assert (found["state"], found["report"]) == ("failed", None)
    assert found["problem"] == {
        "code": "row_limit_exceeded",
        "text": {"zh": "文件超过 20000 行，请拆分后上传", "en": "The file has more than 20000 rows; split it"},
    }


def test_a_shop_suspended_during_an_import_imports_nothing_more(market, queue):
    made = queue.put(file(1))
    market.receive(users.ShopSuspended(shop_id=market.shop_id, version=2))
    assert market.process_next() == "failed"
    assert queue.get(made)["problem"]["code"] == "shop_suspended"


def test_transactions_are_small_and_the_worker_pauses_longer_than_they_take(market, queue, monkeypatch):
    queue.put(file(12))
    clock, rests = iter(range(1000)), []
    monkeypatch.setattr(processing, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert process_next(market.open_work, rests.append) == "done"
    assert rests == [12, 12]


def test_a_pause_after_a_slow_transaction_is_shorter_than_the_lease(market, queue, monkeypatch):
    queue.put(file(12))
    clock, rests = iter(range(0, 10_000, 10)), []
    monkeypatch.setattr(processing, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert process_next(market.open_work, rests.append) == "done"
    assert rests == [15, 15]


def test_a_transaction_has_at_most_fifty_rows():
    rows = [f"quilt-{p},Quilt,{p},Size,{s}" for p in range(5) for s in range(20)]
    listed = processing.shopify_csv.read(
        "Handle,Title,Variant Price,Option1 Name,Option1 Value\n" + "\n".join(rows), "CNY"
    )
    assert [len(portion) for portion in processing._portions(listed.products)] == [2, 2, 1]


def test_the_file_is_deleted_when_the_import_is_finished(market):
    market.import_file(file(1))
    with market.open_work() as work:
        assert work.connection.execute(sa.text("SELECT csv FROM product_import")).scalar() is None


def test_one_product_that_the_database_refuses_is_left_out_alone(market, capsys):
    with market.open_work() as work:
        work.connection.execute(sa.text("ALTER TABLE product ADD CHECK (handle <> 'mug-1')"))
    found = market.import_file(file(3))["report"]
    assert (found["products"]["created"], found["products"]["refused"]) == (2, 1)
    assert found["rows"] == {"read": 3, "left_out": 1}
    assert [(one["line"], one["code"]) for one in found["errors"]] == [(3, "product_not_stored")]
    assert len(market.published(ProductPublished)) == 2
    assert "Mug 1" not in capsys.readouterr().out


@pytest.mark.parametrize("first_refused", [False, True])
def test_one_product_that_fails_with_an_unexpected_error_is_left_out_alone(market, monkeypatch, first_refused):
    real = processing.publish_listing

    def publish_listing(work, product, **rest):
        if product.handle == "mug-1":
            raise RuntimeError
        real(work, product, **rest)

    monkeypatch.setattr(processing, "publish_listing", publish_listing)
    deep = f",{'<div>' * 100}" if first_refused else ","
    lines = ["Handle,Title,Variant Price,Body (HTML)", f"mug-0,Mug,5{deep}", "mug-1,Mug,5,", "mug-2,Mug,5,"]
    found = market.import_file("\n".join(lines))["report"]
    refused = [(2, "description_too_deep")] if first_refused else []
    assert found["products"]["created"] == 2 - first_refused
    assert [(one["line"], one["code"]) for one in found["errors"]] == [*refused, (3, "product_not_stored")]


@pytest.mark.parametrize("failure", [MemoryError, processing.Lost])
def test_a_failure_that_is_not_about_products_refuses_no_product(market, monkeypatch, failure):
    def publish_listing(*_args, **_rest):
        raise failure

    monkeypatch.setattr(processing, "publish_listing", publish_listing)
    found = market.import_file(file(3))
    assert found["report"] is None


def test_one_product_that_does_not_fit_is_refused_alone(market, monkeypatch):
    real = processing.Product.new

    def new(shop_id, sheet):
        if sheet.handle == "mug-1":
            raise Conflict(code="transition_not_allowed")
        return real(shop_id, sheet)

    monkeypatch.setattr(processing.Product, "new", new)
    found = market.import_file(file(3))["report"]
    assert (found["products"]["created"], found["products"]["refused"]) == (2, 1)
    assert [one["code"] for one in found["errors"]] == ["transition_not_allowed"]
