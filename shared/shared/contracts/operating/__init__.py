"""The operator requests that every service answers: dead letters, switches, operator log."""
