"""The auditor: checks with audit queries to every service that the invariants hold."""
