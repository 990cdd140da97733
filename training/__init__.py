"""Makes and judges weights; nothing at run time imports it."""
