"""Sharing work through the central server; never needed to work."""
