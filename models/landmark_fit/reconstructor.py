"""`landmark-fit`: the hand model fitted to MediaPipe's landmarks by inverse kinematics. Needs no training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.fitting.chain import Chain, ChainState
from models.fitting.solver import (
    SHAPE_SIGMA,
    Linearised,
    Observation,
    ShapePrior,
    choose,
    initial_state,
    observe,
    solve,
)
from models.registry import HandModels, ModelCard, register_model
from models.values import SIDES, Crop, Detection, HandParameters, HandReconstruction, Reconstruction, Side

CALIBRATION_SECONDS = 1.0
"""For how long after the first sight of a hand the shape is estimated; then it is held."""
WARM_ITERATIONS, COLD_ITERATIONS = 3, 14
LOST_SECONDS = 0.25
"""A hand that was away for longer is fitted afresh."""
_POOR_FIT = 0.05
"""Mean reprojection error, as a share of the hand's box, from which a warm start is not trusted."""

CARD = ModelCard(
    name="landmark-fit",
    title="MediaPipe landmarks, hand model fitted by inverse kinematics; needs no training",
    paper="MediaPipe Hands (https://arxiv.org/abs/2006.10214) and damped Gauss-Newton",
    licence="MIT; MediaPipe's networks are Apache-2.0",
    needs_landmarks=True,
    input_size=None,
    normalisation="none: reads landmarks, not pixels",
)


class _ShapeCalibration:
    """Running estimate of the one shape that both hands of a person share."""

    def __init__(self) -> None:
        self.mean = np.zeros(10)
        self._frames = 0
        self._seconds = 0.0
        self._last_ns: int | None = None

    @property
    def prior(self) -> ShapePrior:
        """Free around the model's mean hand while it is estimated, then held."""
        held = self._seconds >= CALIBRATION_SECONDS
        return ShapePrior(self.mean, 0.0) if held else ShapePrior(np.zeros(10), SHAPE_SIGMA)

    def update(self, shapes: np.ndarray, captured_ns: int) -> None:
        """Take the shapes (H, 10) of one frame into the mean.

        A mean of single estimates rather than one joint estimate: the model's joints are not quite where MediaPipe
        puts its landmarks, and evidence added up over frames would follow that error far from any real hand.
        """
        if self._last_ns is not None:
            self._seconds += min((captured_ns - self._last_ns) * 1e-9, LOST_SECONDS)
        self._last_ns = captured_ns
        self._frames += 1
        self.mean = self.mean + (shapes.mean(axis=0) - self.mean) / self._frames


class LandmarkFit:
    """Fits the hands of each crop together; warm start and shape go from one frame of a sequence to the next."""

    def __init__(self, hand_models: HandModels) -> None:
        self._models = hand_models
        self._chain = Chain.of(hand_models)
        self.reset()

    def reset(self) -> None:
        """Forget hands and their shape: another person may come."""
        self._last: dict[Side, tuple[ChainState, int]] = {}
        self._calibration = _ShapeCalibration()
        self._last_ns: int | None = None

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """One reconstruction per crop, from its detections; see `models.registry.Reconstructor`."""
        return [self._reconstruct(crop) for crop in crops]

    def warm_up(self) -> None:
        """Nothing is compiled or loaded late."""

    def close(self) -> None:
        """Nothing is held outside Python's memory."""

    def _reconstruct(self, crop: Crop) -> Reconstruction:
        if crop.captured_ns is None or (self._last_ns is not None and crop.captured_ns <= self._last_ns):
            self.reset()
        self._last_ns = crop.captured_ns
        found = sorted(crop.detections, key=lambda detection: SIDES.index(detection.side))
        if not found:
            return Reconstruction({})
        chain = self._chain.take([SIDES.index(detection.side) for detection in found])
        seen = observe(
            np.stack([detection.landmarks for detection in found]),
            np.stack([detection.world_landmarks for detection in found]),
            crop.intrinsics,
        )
        prior = self._calibration.prior
        start, warm = self._start(found, chain, seen, prior)
        state, fit = solve(chain, start, seen, prior, WARM_ITERATIONS if warm.all() else COLD_ITERATIONS)
        poor = warm & (_reprojection(fit, seen) > _POOR_FIT)
        if poor.any():
            state, fit = self._retry(chain, state, fit, seen, prior)
        if crop.captured_ns is not None:
            if prior.sigma > 0:
                self._calibration.update(state.shape, crop.captured_ns)
            for h, detection in enumerate(found):
                single = ChainState(*(part[h] for part in state))
                self._last[detection.side] = (single, crop.captured_ns)
        hands = zip(found, chain.parameters(state), strict=True)
        return Reconstruction({d.side: self._hand(d, parameters, crop) for d, parameters in hands})

    def _start(
        self, found: Sequence[Detection], chain: Chain, seen: Observation, prior: ShapePrior
    ) -> tuple[ChainState, np.ndarray]:
        """Last state of each hand that was seen a moment ago, a closed-form start for the others; which are warm."""
        warm = np.array([self._is_warm(detection.side) for detection in found])
        if warm.all():
            parts = [self._last[detection.side][0] for detection in found]
            state = ChainState(*(np.stack(values) for values in zip(*parts, strict=True)))
        else:
            state = initial_state(chain, seen, prior.mean)
            for h in np.flatnonzero(warm):
                for whole, single in zip(state, self._last[found[h].side][0], strict=True):
                    whole[h] = single
        if prior.sigma == 0:
            state = state._replace(shape=np.tile(prior.mean, (len(found), 1)))
        return state, warm

    def _is_warm(self, side: Side) -> bool:
        if side not in self._last or self._last_ns is None:
            return False
        return (self._last_ns - self._last[side][1]) * 1e-9 <= LOST_SECONDS

    @staticmethod
    def _retry(
        chain: Chain, state: ChainState, fit: Linearised, seen: Observation, prior: ShapePrior
    ) -> tuple[ChainState, Linearised]:
        """Fit again from a closed-form start and keep, hand by hand, what fits better."""
        fresh = initial_state(chain, seen, prior.mean)
        other_state, other = solve(chain, fresh, seen, prior, COLD_ITERATIONS)
        better = other.cost < fit.cost
        return (
            ChainState(*choose(better, other_state, state)),
            Linearised(*choose(better, other, fit)),
        )

    def _hand(self, detection: Detection, parameters: HandParameters, crop: Crop) -> HandReconstruction:
        vertices, joints = self._models[detection.side].mesh(parameters)
        joints_px = crop.intrinsics.project(joints).astype(np.float32)
        return HandReconstruction(parameters, vertices, joints, joints_px, detection.score)


def _reprojection(fit: Linearised, seen: Observation) -> np.ndarray:
    """Mean distance between model points and landmarks (H,), as a share of each hand's box."""
    distance = np.linalg.norm(seen.intrinsics.project(fit.points) - seen.landmarks, axis=-1)
    return distance.mean(axis=1) / seen.box_px


@register_model(CARD)
def create(hand_models: HandModels, device: str) -> LandmarkFit:
    """Build it; it runs on the CPU whatever the device."""
    return LandmarkFit(hand_models)
