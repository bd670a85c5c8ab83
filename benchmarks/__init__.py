"""The numbers of docs/performance.md: each a ratio against a reference measured in the same run."""
