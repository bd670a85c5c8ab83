"""Before a store is open: unlock, first set-up, recovery."""
