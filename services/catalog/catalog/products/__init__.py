"""Products of shops: what they are, where they stand, and which shops may sell them."""
