"""Makes and evaluates weights; nothing at run time imports it."""
