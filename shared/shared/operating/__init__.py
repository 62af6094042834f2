"""What operators use in every service: operator log, dead letters, switches (docs/operating.md)."""
