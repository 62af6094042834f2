"""Orders and how they are fulfilled: accepted, shipped in parcels, carried, received."""
