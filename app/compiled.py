"""What of the program is compiled, and when.

The window compiles beside its first frames, which are computed in numpy, and goes over when that is done. Commands take
what is compiled already and else compute in numpy to their end. `python -m app.compiled` compiles ahead of both, which
`make venv` does.
"""

from __future__ import annotations

import logging

from models.runtime.compiled import load, load_beside, problem

MODULES = ("models.compiled_rotations", "render.compiled_raster", "models.fitting.compiled_solver")
"""Full names; what takes less to compile first."""


def compile_beside() -> None:
    """Compile and load beside what the program does."""
    load_beside(MODULES)


def use_what_is_compiled() -> None:
    """Load what is compiled already: half a second, and nothing where nothing is."""
    load(MODULES, compiling=False)


def main() -> None:
    """Compile everything now; a machine where that does not go works without."""
    logging.basicConfig(format="%(message)s")
    if not load(MODULES, compiling=True):
        logging.getLogger(__name__).warning("Nothing was compiled, because %s; Bothhands works without.", problem())


if __name__ == "__main__":
    main()
