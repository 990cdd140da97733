"""How far predicted hands are from true ones: distances, and the published protocols that average them."""
