"""Shops: opening and suspending them, and inviting somebody to own one."""
