"""Orders and their fulfilment: accepted, shipped in parcels, delivered, completed."""
