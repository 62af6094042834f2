"""The auditor as a process of its own, over RabbitMQ, on the whole system."""

from local.auditing import audit


def test_a_system_in_which_goods_were_sold_is_clean_and_the_auditor_says_what_it_counted(shop_system):
    ended = audit(shop_system.site)
    assert ended.status == 0, ended.text
    assert "stock.levels" in ended.text
