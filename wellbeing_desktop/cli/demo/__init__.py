"""A practice organisation of made-up people, and a day of work in it, done for real on this computer."""
