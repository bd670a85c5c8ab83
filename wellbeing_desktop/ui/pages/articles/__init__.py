"""Articles: read, written, approved, looked at again."""
