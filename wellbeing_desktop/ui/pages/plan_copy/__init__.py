"""Paper about one person: their own copy of the plan, and a summary of the record."""
