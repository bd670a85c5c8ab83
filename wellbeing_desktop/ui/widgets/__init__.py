"""Factories of every control. Screens make labels, buttons and fields only through these."""
