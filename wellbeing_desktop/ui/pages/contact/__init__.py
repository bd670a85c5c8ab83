"""The contact form and its parts."""
