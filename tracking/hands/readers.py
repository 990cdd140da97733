"""Who says where hands are: the landmark network in a region, and the two-hand network in a crop around both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from models.registry import Reconstructor
from models.values import SIDES, Crop, HandReconstruction, Intrinsics, Side
from tracking.cropper import crop_hands, full_frame_crop, upright_turn
from tracking.detector.palm import Palm
from tracking.detector.reading import HandReading
from tracking.detector.regions import Region

_LONE_WIDEN, _PAIR_WIDEN = 2.0, 1.0
"""How much wider than the hands that are known the network's crop is: beside a lone one there must be room for the
other."""


@runtime_checkable
class LandmarkReader(Protocol):
    """Palms of an image, and landmarks in regions of it. Used by one thread."""

    def palms(self, image: np.ndarray, least_score: float) -> list[Palm]:
        """Palms of at least this score in a (H, W, 3) uint8 image, the surest first."""
        ...

    def read(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        """What the landmark network says of each region, in their order."""
        ...


class NetworkReader:
    """Shows a two-hand network the crop in which both hands are expected.

    Args:
        reconstructor: of the network, warmed up; stays the caller's.
    """

    def __init__(self, reconstructor: Reconstructor) -> None:
        self._reconstructor = reconstructor
        self._turn = 0.0

    def reset(self) -> None:
        """Another take begins."""
        self._turn = 0.0
        self._reconstructor.reset()

    def read(
        self,
        image: np.ndarray,
        places: Sequence[np.ndarray],
        expected: frozenset[Side],
        intrinsics: Intrinsics,
        captured_ns: int | None,
    ) -> Mapping[Side, HandReconstruction]:
        """The network's hands by side.

        Args:
            image: (H, W, 3) uint8 RGB.
            places: joints (21, 2) of hands that are known or were there a moment ago; none shows it the whole image.
            expected: sides of which less is needed to be believed.
            intrinsics: of the image's camera.
            captured_ns: None for an image that stands alone.
        """
        if places:
            self._turn = upright_turn(places, self._turn)
            cut = crop_hands(image, places, _PAIR_WIDEN if len(places) > 1 else _LONE_WIDEN, turn=self._turn)
        else:
            cut = full_frame_crop(image)
        crop = Crop(*cut, frozenset(SIDES), (), intrinsics, captured_ns, expected)
        return dict(self._reconstructor.reconstruct([crop])[0].hands)
