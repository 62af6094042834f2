"""Lists of products: the public lists and views, and the lists of a shop."""
