"""What a coordinator can do: one function, one transaction, one Changes."""
