"""What the program can do, and the test that shows each (docs/capabilities.md)."""
