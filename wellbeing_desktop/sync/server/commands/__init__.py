"""The commands of `wellbeing-server`, by what they are about. Each room adds its own to the parser."""
