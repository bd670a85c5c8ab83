"""Files in and out: parse and build, no store, no window."""
