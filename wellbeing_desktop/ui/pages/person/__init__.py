"""The person record and its parts."""
