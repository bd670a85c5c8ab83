"""Wellbeing Desktop: offline-first care coordination."""
