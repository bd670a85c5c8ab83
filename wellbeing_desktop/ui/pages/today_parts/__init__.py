"""Parts of the Today screen."""
