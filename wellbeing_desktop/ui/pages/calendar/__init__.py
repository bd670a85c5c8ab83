"""One's own calendar: a day or a week, clashes of time, and files out and in."""
