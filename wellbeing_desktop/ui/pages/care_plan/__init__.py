"""The care plan and its parts."""
