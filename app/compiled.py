"""What of the program is compiled, and when.

The window compiles beside its first frames, which are computed in numpy, and goes over when that is done. Commands take
what is compiled already and else compute in numpy to their end. `python -m app.compiled` compiles ahead of both, and
loads the default model once, whose networks are compiled and compared then; `make venv` does it.
"""

from __future__ import annotations

import logging

from models.errors import BothhandsError
from models.fitting.person_solver import COMPILED_SOLVER
from models.rotations import COMPILED_ROTATIONS
from models.runtime.compiled import load, load_beside, problem
from render.cpu_renderer import MODULE as COMPILED_RASTER

MODULES = (COMPILED_ROTATIONS, COMPILED_RASTER, COMPILED_SOLVER)
"""Full names; what takes less to compile first."""


def compile_beside() -> None:
    """Compile and load beside what the program does."""
    load_beside(MODULES)


def use_what_is_compiled() -> None:
    """Load what is compiled already: half a second, and nothing where nothing is."""
    load(MODULES, compiling=False)


def main() -> None:
    """Make everything ready now that a first start would wait for; a machine where that does not go works without."""
    logging.basicConfig(format="%(message)s")
    logger = logging.getLogger(__name__)
    if not load(MODULES, compiling=True):
        logger.warning("Nothing was compiled, because %s; Bothhands works without.", problem())
    from tracking.config import TrackerConfig
    from tracking.tracker import Tracker

    try:
        Tracker.from_config(TrackerConfig.default()).close()
    except BothhandsError as error:
        logger.warning("The default model is not ready yet: %s", error)


if __name__ == "__main__":
    main()
