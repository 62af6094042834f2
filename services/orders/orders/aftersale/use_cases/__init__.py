"""What changes after the sale, a module a subject."""
