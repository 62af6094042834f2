"""Erasing persons who ask for it: what they still have open is waited for."""
