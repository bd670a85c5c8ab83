"""The laptop's end of sync."""
