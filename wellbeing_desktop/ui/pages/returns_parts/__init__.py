"""Parts of the returns screen."""
