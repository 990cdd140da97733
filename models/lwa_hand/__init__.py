"""LWA-HAND (https://arxiv.org/abs/2208.09815), one module of the paper a file; `reconstructor` registers `lwa-hand`."""
