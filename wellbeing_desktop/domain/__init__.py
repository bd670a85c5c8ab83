"""Record definitions, values and rules; pure Python, no input or output."""
