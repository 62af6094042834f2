"""The benefits of checkouts, of any kind: held, released, redeemed, restored."""
