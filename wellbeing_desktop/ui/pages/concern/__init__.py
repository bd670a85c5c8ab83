"""Somebody is at risk now, and concerns about somebody's safety until they are closed."""
