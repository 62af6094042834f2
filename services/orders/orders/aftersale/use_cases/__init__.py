"""Changes after the sale, one module per subject."""
