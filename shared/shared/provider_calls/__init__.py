"""Calls to providers: stored with the change that needs them, leased, made outside a transaction, settled.

A service declares a `Procedure` for each kind of call, inherits `CallsWork`, and runs a `ProviderCallWorker`; its
migrations create the table (`shared.migrations.provider_calls`), its retention rules include `retention.RULES`.
"""
