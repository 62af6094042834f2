"""The rules of money, without a database: the payment's decisions, refunds, and the books."""
