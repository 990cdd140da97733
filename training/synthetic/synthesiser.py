"""Samples by number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models, load_twin
from models.values import SIDES, Side
from training.data.poses import PosePrior
from training.data.samples import HandLabel, Knowledge, Sample
from training.datasets.image_folder import Split
from training.synthetic.appearance import random_look
from training.synthetic.backgrounds import Backgrounds
from training.synthetic.camera import View
from training.synthetic.drawing import SLOTS, Drawer, Tile
from training.synthetic.photography import Photographer
from training.synthetic.placement import STAGES, Placer, Scene, Stage

SOURCE = "synthetic"
_SCENE, _PHOTOGRAPH = 1, 2
"""Streams of random numbers of one seed."""


def prepare_worker(_worker: int = 0) -> None:
    """Call in each process that makes samples beside others, as DataLoader's `worker_init_fn` for example: OpenCV's
    threads cost more than they bring on images of this size. The renderer's are held back by itself.
    """
    cv2.setNumThreads(0)


class Synthesiser:
    """Makes labelled images of the free hand model; a sample depends on seed and index alone.

    Everything heavy, the OpenGL context among it, is made with the first sample and left behind when this is pickled:
    give it to worker processes before its first use, or pickled, and each has its own. One thread uses it.

    Args:
        seed: of everything.
        stage: what kind of scenes, see `placement.STAGES`.
        size: side of the images, px.
        reuse: so many neighbouring indices share a rendered scene and differ in background, light colour, blur, noise
            and what is in front. Rendering is the dear part.
        backgrounds: folder of images without hands, used beside the rendered ones.
        pairs: folder of labelled image sequences, and which split of it: all scenes are its pairs of hands
            (`real_pairs`), whatever the stage.

    Raises:
        BothhandsError: no such stage.
    """

    def __init__(
        self,
        seed: int,
        stage: Stage = "mixed",
        size: int = 256,
        reuse: int = 1,
        backgrounds: Path | None = None,
        pairs: tuple[Path, Split] | None = None,
    ) -> None:
        if stage not in STAGES:
            raise BothhandsError(
                f"There is no stage {stage!r} of synthetic samples; choose one of {', '.join(STAGES)}."
            )
        self.seed, self.size, self.reuse = seed, size, reuse
        self.stage: Stage = stage
        self.backgrounds, self.pairs = backgrounds, pairs
        self._studio: _Studio | None = None

    def sample(self, index: int) -> Sample:
        """The sample with this number, from 0.

        Raises:
            BothhandsError: this machine has no OpenGL, or a background cannot be read.
        """
        return self.samples([index])[0]

    def samples(self, indices: Sequence[int]) -> list[Sample]:
        """The same as `sample` for each, faster: several scenes are drawn at once."""
        if self._studio is None:
            self._studio = _Studio(self)
        return self._studio.samples(indices)

    def close(self) -> None:
        """Release the OpenGL context; a later sample makes a new one."""
        if self._studio is not None:
            self._studio.close()
            self._studio = None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_studio": None}


class _Shot(NamedTuple):
    """A scene and its rendered layer."""

    scene: Scene
    tile: Tile


class _Studio:
    """What lives in one process."""

    def __init__(self, order: Synthesiser) -> None:
        self._seed, self._reuse = order.seed, order.reuse
        self._stage: Stage = order.stage
        models = load_hand_models()
        self._placer = Placer(models, PosePrior(models), order.size, order.pairs)
        self._photographer = Photographer(Backgrounds(order.seed, order.backgrounds))
        try:
            self._drawer = Drawer({side: load_twin(side) for side in SIDES}, order.size)
        except Exception as error:  # what moderngl raises has no type of its own
            raise BothhandsError(
                f"Synthetic samples need OpenGL 3.3, which this machine lacks ({error}); on Linux install libegl1."
            ) from error
        self._shots: OrderedDict[int, _Shot] = OrderedDict()

    def samples(self, indices: Sequence[int]) -> list[Sample]:
        made: list[Sample] = []
        for start in range(0, len(indices), SLOTS * self._reuse):
            part = indices[start : start + SLOTS * self._reuse]
            shots = self._take([index // self._reuse for index in part])
            made += [self._sample(index, shots[index // self._reuse]) for index in part]
        return made

    def close(self) -> None:
        self._drawer.close()

    def _take(self, numbers: Sequence[int]) -> dict[int, _Shot]:
        """The shots with these numbers; those of the last call are at hand."""
        missing = sorted({number for number in numbers if number not in self._shots})
        shots = {number: self._shots[number] for number in numbers if number in self._shots}
        while missing:
            # A scene has its own slot whatever is drawn beside it, so that its pixels are always the same.
            batch = list({number % SLOTS: number for number in missing}.values())
            missing = [number for number in missing if number not in batch]
            orders = []
            for number in batch:
                rng = np.random.default_rng([self._seed, _SCENE, number])
                orders.append((number % SLOTS, self._placer.scene(self._stage, rng), random_look(rng)))
            for number, (_, scene, _), tile in zip(batch, orders, self._drawer.draw(orders), strict=True):
                shots[number] = _Shot(scene, tile)
        self._shots = OrderedDict(shots)
        return shots

    def _sample(self, index: int, shot: _Shot) -> Sample:
        rng = np.random.default_rng([self._seed, _PHOTOGRAPH, index])
        view = shot.scene.view
        return Sample(
            image=self._photographer.photograph(shot.tile.layer, view, rng),
            intrinsics=view.intrinsics,
            hands=_labels(shot.scene, view),
            presence_known=True,
            segmentation=shot.tile.segmentation,
            source=SOURCE,
        )


def _labels(scene: Scene, view: View) -> dict[Side, HandLabel]:
    return {
        side: HandLabel(
            Knowledge.FULL,
            view.intrinsics.project(hand.joints).astype(np.float32),
            hand.joints,
            hand.vertices,
            hand.parameters,
        )
        for side, hand in scene.hands.items()
    }
