"""What a tracker is made of, as one value: in settings, on the command line, in workers, in session.json."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from models.errors import BothhandsError
from models.fitting.calibration import LARGEST_SHAPE, SHAPE_SIZE
from models.registry import default_model
from models.runtime.device import check_device_name
from tracking.camera_model import KnownCamera
from tracking.detector import DetectorName
from tracking.readings import Readings
from tracking.smoothing import SmoothingSettings

CropMode = Literal["hands", "full-frame"]
"""What a model is shown of an image: squares cut around hands, or the whole image, padded square."""
NARROWEST_FOV, WIDEST_FOV = 5.0, 170.0
"""Degrees."""
CameraChoice = tuple[float | None, Path | None, KnownCamera | None]
"""Field of view, file and calibration, of which the last that is there wins: the arguments of `camera_from`."""
ShapeNumber = Annotated[float, Field(ge=-LARGEST_SHAPE, le=LARGEST_SHAPE, allow_inf_nan=False)]
HandShape = Annotated[tuple[ShapeNumber, ...], Field(min_length=SHAPE_SIZE, max_length=SHAPE_SIZE)]
"""(10,) standard deviations, as `HandParameters.shape`."""


@dataclass(frozen=True, kw_only=True)
class TrackerConfig:
    """Everything that shapes the hands besides the frames themselves.

    Attributes:
        model: name in the registry.
        readings: which networks are read in each hand's region, see `tracking.tracker.Tracker`.
        device: "auto", "cpu", "cuda" or "cuda:N".
        detector: backend of the hand detector.
        crop_mode: what the model is shown of an image.
        mano_dir: folder with official MANO files; None takes the free hand model.
        fov: horizontal field of view of the camera, degrees; None assumes 60 across the longer side.
        camera_file: the camera's calibration in a file; wins over `fov`.
        camera: the camera's calibration; wins over both.
        smoothing: gains, or None for raw hands.
        hand_shape: shape of the person's hands, (10,) standard deviations of the hand model in use, held in every fit;
            None adapts it to whoever is seen.
        lock_sides: a hand that is shown keeps its side, whatever is read of it; see `HandPairTracker`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    model: str
    readings: Readings = "both"
    device: str = "auto"
    detector: DetectorName = "auto"
    crop_mode: CropMode = "hands"
    mano_dir: Path | None = None
    fov: Annotated[float, Field(ge=NARROWEST_FOV, le=WIDEST_FOV)] | None = None
    camera_file: Path | None = None
    camera: KnownCamera | None = None
    smoothing: SmoothingSettings | None = field(default_factory=SmoothingSettings)
    hand_shape: HandShape | None = None
    lock_sides: bool = False

    @classmethod
    def default(cls) -> TrackerConfig:
        """What holds where a person names nothing."""
        return cls(model=default_model())

    @property
    def camera_choice(self) -> CameraChoice:
        """Where the intrinsics come from."""
        return self.fov, self.camera_file, self.camera

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON values; `from_dict` reads them back."""
        values = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        return {**values, "hand_shape": None if self.hand_shape is None else list(self.hand_shape)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrackerConfig:
        """A config of JSON values; what is not named is as in `default`.

        Raises:
            BothhandsError: a name is unknown, or a value does not fit; the text names it.
        """
        if not isinstance(values, Mapping):
            raise BothhandsError(f"A tracker's configuration is an object of names and values, not {values!r:.60}.")
        return _read({"model": default_model(), **values})

    def with_recorded(self, values: Mapping[str, Any]) -> TrackerConfig:
        """This config with what an older record says; what has another form there leaves this as it is."""
        config = self
        for name in TRACKER_SETTINGS & values.keys():
            with contextlib.suppress(BothhandsError):
                read = _read({"model": self.model, name: values[name]})
                config = replace(config, **{name: getattr(read, name)})
        return config


TRACKER_SETTINGS = frozenset(each.name for each in fields(TrackerConfig))
"""Names of a config's values."""


def _read(values: Mapping[str, Any]) -> TrackerConfig:
    try:
        config = _adapter().validate_json(json.dumps(values), strict=True)
        check_device_name(config.device)
        return config
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        value = f"{first['input']!r:.80}"
        raise BothhandsError(f"A tracker's {name or 'configuration'} cannot be {value}: {first['msg']}.") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise BothhandsError("A tracker's configuration can hold JSON values only.") from error


def checked_shape(shape: Sequence[float]) -> tuple[float, ...]:
    """A shape as a config holds it.

    Args:
        shape: (10,) standard deviations.

    Raises:
        BothhandsError: it is no shape of a hand.
    """
    config = _read({"model": "", "hand_shape": [float(number) for number in shape]})
    assert config.hand_shape is not None
    return config.hand_shape


@cache
def _adapter() -> TypeAdapter[TrackerConfig]:
    return TypeAdapter(TrackerConfig)  # made where a config is first read: most trackers come without
