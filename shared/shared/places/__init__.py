"""Places: a country and a code of the official division list. Names are only input; logic uses the codes."""

from shared.places.place import Place, PlaceContradictory, PlaceIncomplete, PlaceNotFound, find, find_province, of

__all__ = ["Place", "PlaceContradictory", "PlaceIncomplete", "PlaceNotFound", "find", "find_province", "of"]
