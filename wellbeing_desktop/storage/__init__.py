"""The encrypted case store on the laptop."""
