"""Receiving money: payments, captures, cash on delivery, notifications, and unidentified money."""
