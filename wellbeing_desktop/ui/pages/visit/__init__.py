"""Visit mode and its parts."""
