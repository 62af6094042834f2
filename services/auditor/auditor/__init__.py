"""The auditor: asks every service through its own door whether what must hold does hold."""
