"""Faults seeded into our own code, each of which the tests must find: `make mutants` (SECURITY 5, T15)."""
