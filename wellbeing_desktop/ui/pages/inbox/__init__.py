"""The front door: what came in, who has it, and writing one contact down."""
