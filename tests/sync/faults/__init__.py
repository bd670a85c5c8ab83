"""The faults of docs/sync-proof.md that have no test elsewhere."""
