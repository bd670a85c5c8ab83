"""Documents of a person: adding one, and looking at one."""
