"""GP practices and the other organisations a service works with."""
