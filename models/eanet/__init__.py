"""EANet: one image to both hands, through tokens that hold what the two say together (https://arxiv.org/abs/2309.01943)."""
