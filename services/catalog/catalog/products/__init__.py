"""Products of shops, their listing states, and the shops that may sell."""
