"""The auditor as a process of its own, over RabbitMQ, on the whole system."""

from local.auditing import audit
from local.draining import wait_until_drained


def test_a_system_in_which_goods_were_sold_is_clean_and_the_auditor_says_what_it_counted(shop_system, servers):
    wait_until_drained(shop_system.site, servers)
    ended = audit(shop_system.site)
    assert ended.status == 0, ended.text
    for invariant in ("stock.levels", "messages.handled", "sagas.in_time"):
        assert invariant in ended.text
