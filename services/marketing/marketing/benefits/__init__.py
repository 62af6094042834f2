"""What checkouts do with benefits of any kind: hold, release, redeem, restore."""
