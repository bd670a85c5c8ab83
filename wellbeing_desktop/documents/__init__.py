"""Plain data in, PDF, HTML and text out."""
