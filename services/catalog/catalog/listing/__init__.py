"""Finding products: what everybody sees of them, and the lists of a shop."""
