"""The whole stack on one machine: private servers, supervised processes, demo data."""
