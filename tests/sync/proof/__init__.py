"""What shows that sync can be trusted: which test shows which scenario and which fault (docs/sync-proof.md)."""
