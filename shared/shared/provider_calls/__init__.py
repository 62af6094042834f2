"""Provider calls: stored with the change that needs them, leased, made outside of transactions, settled.

A service declares a `Procedure` for each kind of call, derives its Work from `CallsWork`, and runs a
`ProviderCallWorker`; its migrations create the table (`shared.migrations.provider_calls`), its retention rules
include `retention.RULES`.
"""
