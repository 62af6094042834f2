"""Places: a country and a code of the official division list. Nothing is decided by typed text."""

from shared.places.place import Place, PlaceContradictory, PlaceIncomplete, PlaceNotFound, find, find_province, of

__all__ = ["Place", "PlaceContradictory", "PlaceIncomplete", "PlaceNotFound", "find", "find_province", "of"]
