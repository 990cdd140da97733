"""What networks are told of their errors."""
