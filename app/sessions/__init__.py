"""Sessions on disk: what was tracked, the pictures it was tracked in, and what with."""
