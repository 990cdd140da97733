"""Where the program's own files lie, in a checkout and in an installed wheel alike.

In a checkout `models` stands at the top, beside assets/; in the wheel both lie inside the package `bothhands`.
"""

from __future__ import annotations

from pathlib import Path

from models.user_folders import data_folder

INSTALLED = __name__.startswith("bothhands.")
"""Whether this runs from an installed wheel, which nothing may be written into."""
COMMAND = "bothhands" if INSTALLED else "python main.py"
"""How a person starts the program."""
PROGRAM = COMMAND.rpartition(" ")[2]
"""Its name in messages."""
_HOUSE = Path(__file__).resolve().parents[1]
"""The folder in which the rooms (`models`, `app`, ...) and assets/ lie."""
BUNDLE_MARK = "bundled"
"""Name of the file in the package `bothhands` by which a bundle says that it is one (`tools.bundle`)."""
BUNDLED = INSTALLED and (_HOUSE / BUNDLE_MARK).is_file()
"""Whether this runs from a bundle (AppImage, .run, Windows zip), whose Python no package can be added to."""


def asset(name: str) -> Path:
    """Path of a file or folder in assets/; what lies there belongs to the program."""
    return _HOUSE / "assets" / name


def import_root() -> Path:
    """The folder that must be on Python's path for another process to import this program's modules."""
    return _HOUSE.parent if INSTALLED else _HOUSE


def weights_file(name: str) -> Path:
    """Where a model's weights are read from: those that a person installed, else those that the program brings.

    Args:
        name: of the safetensors file.
    """
    own = installed_weights(name)
    return own if own.is_file() else asset("weights") / name


def installed_weights(name: str) -> Path:
    """Where `weights install` puts a file: assets/weights of a checkout, else the person's own data folder.

    Args:
        name: of the safetensors file.
    """
    return (data_folder() if INSTALLED else asset("")) / "weights" / name


def network_note(model: str) -> Path:
    """What lies beside a model's network where it comes as OpenVINO's own files, see `models.runtime.network_files`."""
    return asset("networks") / f"{model}.json"


def notes_file(weights: Path) -> Path:
    """The JSON beside weights, all of it optional: weights_version, see `models.weights_version`; sha256, licence,
    trained_on, measured, real_video; size, see `models.eanet.size.size_of`; state, what to know of them before choosing
    them; precision, judges_presence, fits_joints, see `EANetReconstructor`; widen_lone_hand, crop_each_hand, see
    `models.eanet.cards.crop_policy`.
    """
    return weights.parent / f"{weights.stem}.json"  # also of a folder, whose name may be none
