"""One hand shape photographed from several sides: the hand model fitted to all views together.

A single view leaves depth to MediaPipe's guess; views from other sides of the same pose do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from models.fitting.chain import MANO_OF_FINGERS, Chain, ChainState, exp_with_jacobian
from models.fitting.landmark_points import landmark_points
from models.fitting.solver import (
    HIGHEST_ANGLES,
    LOWEST_ANGLES,
    SHAPE_SIGMA,
    WORLD_SIGMA,
    Observation,
    ShapePrior,
    choose,
    initial_state,
    linearise,
    observe,
    solve,
)
from models.hand_model import HandModel
from models.values import SIDES, Detection, HandParameters, Intrinsics, Side

_FOCAL = 1000.0
"""Px of the camera that all views are brought to; any serves."""
_WORLD_SIGMA = 4.0 * WORLD_SIGMA
"""Views from other sides tell depth better than a network's guess of it from one, which errs alike in all of them."""
_COLD, _SHARED, _SETTLING = 20, 40, 20
"""Iterations."""
_RIGID, _YIELDING = np.radians(0.5), np.radians(8.0)
"""How far a view's angles may lie from those of all views: not at all, and as far as one takes up a pose again."""
_STRANGER = 0.10
"""Mean error, as a share of the hand's box, from which a view does not show the others' pose."""
_FEWEST = 3
_OBSERVED = 105
"""Rows of `linearise` that speak of what was seen; the others are expectations."""


class View(NamedTuple):
    """One view.

    Attributes:
        detection: what MediaPipe saw, image px.
        camera: of the image.
    """

    detection: Detection
    camera: Intrinsics


class ViewFit(NamedTuple):
    """A view explained by the pose of all views.

    Attributes:
        parameters: of the hand model, in the frame of the view's own camera.
        rigid_error: mean distance of the common pose's points from the landmarks, as a share of the hand's box.
        error: the same after the pose gave way a little to this view.
    """

    parameters: HandParameters
    rigid_error: float
    error: float


class CommonPose:
    """Pose and shape that several views share.

    Args:
        models: the free hand model.
        views: those of one side of which MediaPipe was sure; enough of them, see `possible`.

    Attributes:
        side: of the hand.
        angles: (5, 3, 3) radians, as in `ChainState`.
        shape: (10,) standard deviations.
    """

    def __init__(self, models: Mapping[Side, HandModel], views: Sequence[View]) -> None:
        self.side: Side = views[0].detection.side
        self._chain = Chain.of(models, landmark_points(models)).take([SIDES.index(self.side)])
        seen = _brought_together(views)
        state = self._alone(seen)
        # Several views together would follow the difference between MediaPipe's landmarks and the model's joints far
        # from any real hand: the shape is the mean of what each view says by itself.
        self.shape = state.shape.mean(axis=0)
        self.angles = self._fitted(state, seen)
        errors = _errors(self._settled(seen, _RIGID), seen, self._views(len(views)))
        kept = np.flatnonzero(errors < _STRANGER)
        if _FEWEST <= len(kept) < len(views):
            seen = _brought_together([views[index] for index in kept])
            self.angles = self._fitted(ChainState(*(part[kept] for part in state)), seen)

    @staticmethod
    def possible(views: Sequence[View]) -> bool:
        """Whether there are enough views."""
        return len(views) >= _FEWEST

    def explain(self, view: View) -> ViewFit:
        """Turn and move the hand to where a view shows it, of the fitted views or another one."""
        seen = _brought_together([view])
        chain = self._views(1)
        rigid = self._settled(seen, _RIGID)
        state = self._settled(seen, _YIELDING, rigid)
        return ViewFit(
            _parameters(chain, state),
            float(_errors(rigid, seen, chain)[0]),
            float(_errors(state, seen, chain)[0]),
        )

    def _views(self, count: int) -> Chain:
        return self._chain.take([0] * count)

    def _alone(self, seen: Observation) -> ChainState:
        """Each view fitted by itself."""
        chain = self._views(len(seen.landmarks))
        prior = ShapePrior(np.zeros(10), SHAPE_SIGMA)
        return solve(chain, initial_state(chain, seen, prior.mean), seen, prior, _COLD)[0]

    def _fitted(self, state: ChainState, seen: Observation) -> np.ndarray:
        """Angles (5, 3, 3) that explain all views, each with its own rotation and place.

        Levenberg and Marquardt over 6 unknowns a view and 45 common ones.
        """
        views = len(state.root)
        chain, prior = self._views(views), ShapePrior(self.shape, 0.0)
        common = np.median(state.angles, axis=0, keepdims=True)
        state = state._replace(
            angles=np.repeat(common, views, axis=0), shape=np.repeat(self.shape[None], views, axis=0)
        )
        here = linearise(chain, state, seen, prior)
        # What is expected of a pose counts once, not once a view.
        weight = np.ones(here.residuals.shape[1])
        weight[_OBSERVED:] = 1.0 / np.sqrt(views)
        own, damping = 6 * views, 0.1
        for _ in range(_SHARED):
            normal, gradient = np.zeros((own + 45, own + 45)), np.zeros(own + 45)
            for view in range(views):
                columns = np.r_[6 * view : 6 * view + 6, own : own + 45]
                jacobian = here.jacobian[view] * weight[:, None]
                normal[np.ix_(columns, columns)] += jacobian.T @ jacobian
                gradient[columns] += jacobian.T @ (here.residuals[view] * weight)
            normal[np.diag_indices(own + 45)] *= 1.0 + damping
            step = -np.linalg.solve(normal, gradient)
            every = np.concatenate([step[:own].reshape(views, 6), np.tile(step[own:], (views, 1))], axis=1)
            candidate = _moved(state, every)
            there = linearise(chain, candidate, seen, prior)
            cost, new_cost = (float(np.sum((fit.residuals * weight) ** 2)) for fit in (here, there))
            if new_cost < cost:
                state, here, damping = candidate, there, 0.3 * damping
                if cost - new_cost < 1e-3 * cost:
                    break
            else:
                damping *= 5.0
        return state.angles[0]

    def _settled(self, seen: Observation, sigma: float, start: ChainState | None = None) -> ChainState:
        """Rotation and place of each view, and angles within `sigma` of the common ones."""
        views = len(seen.landmarks)
        chain, prior = self._views(views), ShapePrior(self.shape, 0.0)
        if start is None:
            start = initial_state(chain, seen, self.shape)
            start = start._replace(angles=np.repeat(self.angles[None], views, axis=0))
        tie = np.zeros((views, 45, 51))
        tie[:, np.arange(45), 6 + np.arange(45)] = 1.0 / sigma

        def residuals(state: ChainState) -> tuple[np.ndarray, np.ndarray]:
            fit = linearise(chain, state, seen, prior)
            stray = (state.angles - self.angles).reshape(views, 45) / sigma
            return (
                np.concatenate([fit.residuals[:, :_OBSERVED], stray], axis=1),
                np.concatenate([fit.jacobian[:, :_OBSERVED], tie], axis=1),
            )

        state = start
        here, jacobian = residuals(state)
        damping = np.full(views, 0.1)
        for _ in range(_SETTLING):
            transposed = np.swapaxes(jacobian, -1, -2)
            normal = transposed @ jacobian
            diagonal = np.einsum("vii->vi", normal)
            diagonal += damping[:, None] * diagonal
            candidate = _moved(state, -np.linalg.solve(normal, transposed @ here[..., None])[..., 0])
            there, there_jacobian = residuals(candidate)
            better = np.sum(there**2, axis=1) < np.sum(here**2, axis=1)
            state = ChainState(*choose(better, candidate, state))
            here, jacobian = choose(better, (there, there_jacobian), (here, jacobian))
            damping = np.where(better, 0.3 * damping, 5.0 * damping)
        return state


def _brought_together(views: Sequence[View]) -> Observation:
    """Views of several cameras as if one had taken them."""
    landmarks = []
    for detection, camera in views:
        rays = (detection.landmarks - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
        landmarks.append(rays * _FOCAL)
    world = np.stack([view.detection.world_landmarks for view in views])
    seen = observe(np.stack(landmarks), world, Intrinsics(_FOCAL, _FOCAL, 0.0, 0.0, 1, 1))
    return seen._replace(world_sigma=_WORLD_SIGMA)


def _moved(state: ChainState, step: np.ndarray) -> ChainState:
    """Columns of the step (V, 51) as `Chain.forward` gives them; joints stay within their limits."""
    turn, _ = exp_with_jacobian(step[:, :3])
    angles = np.clip(state.angles + step[:, 6:51].reshape(-1, 5, 3, 3), LOWEST_ANGLES, HIGHEST_ANGLES)
    return ChainState(turn @ state.root, state.wrist + step[:, 3:6], angles, state.shape)


def _errors(state: ChainState, seen: Observation, chain: Chain) -> np.ndarray:
    """(V,) mean distance of projected points from the landmarks, as a share of the hand's box."""
    points, _ = chain.forward(state, with_shape=False)
    return np.linalg.norm(seen.intrinsics.project(points) - seen.landmarks, axis=-1).mean(axis=1) / seen.box_px


def _parameters(chain: Chain, state: ChainState) -> HandParameters:
    """Of the first view."""
    pose = np.zeros((16, 3), np.float32)
    pose[0] = Rotation.from_matrix(state.root[0]).as_rotvec()
    pose[MANO_OF_FINGERS] = chain.pose_vectors(state.angles)[0]
    translation = state.wrist[0] - chain.rest_wrist(state.shape)[0]
    return HandParameters(pose, state.shape[0].astype(np.float32), translation.astype(np.float32))
