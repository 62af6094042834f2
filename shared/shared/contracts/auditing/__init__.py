"""What services may be asked by the auditor: pages of what they hold, and repairs."""
