"""How the demo clip is made: a room, two hands that move, and light on them."""
