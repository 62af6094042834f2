"""Takes payments, refunds them, keeps the ledger; decides once the outcome of every payment."""
