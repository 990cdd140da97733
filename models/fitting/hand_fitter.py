"""From what readers say of the hands in a frame to the hands: the one fit that all models go through."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from models.fitting.calibration import ShapeCalibration, ShapeRule
from models.fitting.chain import Chain, ChainState
from models.fitting.landmark_points import landmark_points
from models.fitting.motion import Motion
from models.fitting.person_solver import Evidence, Expected, Problem, Solution, solve
from models.fitting.solver import SHAPE_SIGMA
from models.fitting.start import FEWEST_JOINTS, closed_form_start, known_joints
from models.registry import HandModels
from models.values import SIDES, FittedHand, HandObservation, HandReconstruction, Intrinsics, Side

WARM_ITERATIONS, COLD_ITERATIONS, SETTLING_ITERATIONS = 3, 14, 6
LOST_SECONDS = 0.25
"""A hand that was away for longer is fitted afresh."""
_POOR_FIT = 0.05
"""Mean reprojection error of the surest reading, as a share of the hand's box, from which a warm start is not
trusted."""
_RETRY_SECONDS = 0.2
"""A closed form that was no better is not tried again sooner: some readings no hand explains."""
_LEAST_PRESENCE = 0.02
"""However little a reader believes in a hand that it is asked about, it counts this much."""
_SURE_PRESENCE, _SURE_FIT, _SURE_JOINTS = 0.5, 0.03, 18
"""Only a hand that is surely there, that is fitted well and of which so many joints are known tells its shape."""


class HandFitter:
    """Fits the hand models of both sides to all that was read of them. Made and used by one thread.

    Shape, last state and velocity of each hand go from one frame of a sequence to the next.

    Args:
        hand_models: by side.
        rule: where the shape comes from; None adapts it.
    """

    def __init__(self, hand_models: HandModels, rule: ShapeRule | None = None) -> None:
        self._rule = rule or ShapeRule()
        self._models = hand_models
        self._chain = Chain.of(hand_models, landmark_points(hand_models))
        self.reset()

    def reset(self) -> None:
        """Forget hands and, unless it is known beforehand, their shape: another person may come."""
        self._motions: dict[Side, Motion] = {}
        self._calibration = ShapeCalibration(self._rule)
        self._last_ns: int | None = None
        self._tried_ns: dict[Side, int] = {}

    def use_shape(self, rule: ShapeRule) -> None:
        """Take the shape from elsewhere, from the next frame on; where that changes anything, hands are found anew, as
        another shape puts them at another distance.
        """
        if rule != self._rule:
            self._rule = rule
            self.reset()

    def fit(
        self,
        observations: Mapping[Side, Sequence[HandObservation]],
        intrinsics: Intrinsics,
        captured_ns: int | None,
    ) -> Mapping[Side, HandReconstruction]:
        """`fit_parameters` and the meshes."""
        hands: dict[Side, HandReconstruction] = {}
        for side, hand in self.fit_parameters(observations, intrinsics, captured_ns).items():
            vertices, joints = self._models[side].mesh(hand.parameters)
            joints_px = intrinsics.project(joints).astype(np.float32)
            hands[side] = HandReconstruction(hand.parameters, vertices, joints, joints_px, hand.score)
        return hands

    def fit_parameters(
        self,
        observations: Mapping[Side, Sequence[HandObservation]],
        intrinsics: Intrinsics,
        captured_ns: int | None,
    ) -> Mapping[Side, FittedHand]:
        """Hands that explain all observations of a frame best.

        Args:
            observations: by side, in any number and order. A side of which fewer than four joints are known, and which
                was not there a moment ago, is left out.
            intrinsics: of the frame.
            captured_ns: when the frame was taken; where time runs backwards all is forgotten, and the same time again
                is another look at the same frame. None for an image that stands alone, from which and to which
                nothing is carried.

        Returns:
            One hand a side, its score the highest presence that a reader gave.
        """
        if captured_ns is None or (self._last_ns is not None and captured_ns < self._last_ns):
            self.reset()
        self._last_ns = captured_ns
        frame = _Frame.of(self._chain, observations, intrinsics, self._warm_sides())
        if not frame.sides:
            return {}
        held = self._calibration.held
        problem = frame.problem(
            self._expected(frame.sides), self._calibration.mean if held else np.zeros(10), 0.0 if held else _SHAPE_INFO
        )
        warm = [side in self._motions for side in frame.sides]
        start = self._start(frame)
        solution = solve(problem, start, WARM_ITERATIONS) if all(warm) else _solved_afresh(problem, start)
        state, errors = solution.state, frame.reprojection(solution)
        if any(error > _POOR_FIT for error, is_warm in zip(errors, warm, strict=True) if is_warm):
            state, errors = self._retried(frame, problem, state, errors)
        self._remember(frame, state, errors, captured_ns)
        fitted = zip(frame.sides, frame.chain.parameters(state), frame.presence, strict=True)
        return {side: FittedHand(parameters, score) for side, parameters, score in fitted}

    def _warm_sides(self) -> frozenset[Side]:
        """Sides of which a state from a moment ago is known; older ones are forgotten."""
        now = self._last_ns
        if now is None:
            self._motions.clear()
            return frozenset()
        self._motions = {
            side: motion for side, motion in self._motions.items() if (now - motion.seen_ns) * 1e-9 <= LOST_SECONDS
        }
        return frozenset(self._motions)

    def _expected(self, sides: Sequence[Side]) -> Expected:
        expected = Expected.nothing(len(sides))
        for hand, side in enumerate(sides):
            if side in self._motions and self._last_ns is not None:
                one = self._motions[side].expectation(self._last_ns)
                for field, values in zip(Expected._fields, expected, strict=True):
                    values[hand] = getattr(one, field)
        return expected

    def _start(self, frame: _Frame, afresh: Collection[Side] = ()) -> ChainState:
        """Where each hand was, carried on; a closed form for those that were not there and those to fit afresh."""
        singles = []
        for hand, side in enumerate(frame.sides):
            if side in self._motions and side not in afresh and self._last_ns is not None:
                singles.append(self._motions[side].at(self._last_ns))
            else:
                singles.append(frame.closed_form(hand, self._calibration.mean))
        state = ChainState(*(np.stack(parts) for parts in zip(*singles, strict=True)))
        shape = self._calibration.mean if self._calibration.held else state.shape.mean(axis=0)
        return state._replace(shape=np.tile(shape, (len(singles), 1)))

    def _retried(
        self, frame: _Frame, problem: Problem, state: ChainState, errors: np.ndarray
    ) -> tuple[ChainState, np.ndarray]:
        """Fit hands that lie badly from a closed form too, and keep what lies better in the image."""
        poor: set[Side] = set()
        for hand, side in enumerate(frame.sides):
            if errors[hand] > _POOR_FIT and frame.can_start[hand] and self._may_try(side):
                poor.add(side)
        if not poor:
            return state, errors
        alone = frame.problem(
            Expected(*(np.where(_of(frame.sides, poor, part), 0.0 * part, part) for part in problem.expected)),
            problem.shape_mean,
            problem.shape_info,
        )
        other = _solved_afresh(alone, self._start(frame, poor))
        other_errors = frame.reprojection(other)
        if other_errors.sum() < errors.sum():
            return other.state, other_errors
        if self._last_ns is not None:
            self._tried_ns.update(dict.fromkeys(poor, self._last_ns))
        return state, errors

    def _may_try(self, side: Side) -> bool:
        """Whether a closed form is worth its time again."""
        now = self._last_ns
        return now is not None and (now - self._tried_ns.get(side, now - 10**12)) * 1e-9 >= _RETRY_SECONDS

    def _remember(self, frame: _Frame, state: ChainState, errors: np.ndarray, captured_ns: int | None) -> None:
        if captured_ns is None:
            return
        if not self._calibration.held:
            sure = sum(
                1.0
                for hand in range(len(frame.sides))
                if errors[hand] < _SURE_FIT
                and frame.presence[hand] >= _SURE_PRESENCE
                and frame.known[hand] >= _SURE_JOINTS
            )
            self._calibration.update(state.shape[0], sure, captured_ns)
        for hand, side in enumerate(frame.sides):
            single = ChainState(*(part[hand] for part in state))
            if side in self._motions:
                self._motions[side].update(single, captured_ns)
            else:
                self._motions[side] = Motion(single, captured_ns)


_SHAPE_INFO = 1.0 / SHAPE_SIGMA**2


def _solved_afresh(problem: Problem, start: ChainState) -> Solution:
    """From a start that may be far off: first by the surest readings alone, then by all."""
    return solve(problem, solve(problem.of_the_surest(), start, COLD_ITERATIONS).state, SETTLING_ITERATIONS)


def _of(sides: Sequence[Side], chosen: Collection[Side], part: np.ndarray) -> np.ndarray:
    """Which hands are chosen, shaped to choose entries of an array (H, ...)."""
    return np.array([side in chosen for side in sides]).reshape(-1, *[1] * (part.ndim - 1))


class _Frame:
    """Observations of one frame, hand by hand, as the solver takes them."""

    def __init__(
        self, chain: Chain, sides: list[Side], read: list[list[HandObservation]], intrinsics: Intrinsics
    ) -> None:
        self.chain, self.sides, self.intrinsics = chain, sides, intrinsics
        self._surest = [max(one, key=_sureness) for one in read]
        self.can_start = [known_joints(one).sum() >= FEWEST_JOINTS for one in self._surest]
        self.presence = [float(np.clip(max(o.presence for o in one), 0.0, 1.0)) for one in read]
        self.known = [int(known_joints(one).sum()) for one in self._surest]
        self._read = [(hand, o) for hand, one in enumerate(read) for o in one]
        self._evidence = self._packed()

    @classmethod
    def of(
        cls,
        chain: Chain,
        observations: Mapping[Side, Sequence[HandObservation]],
        intrinsics: Intrinsics,
        warm: frozenset[Side],
    ) -> _Frame:
        sides: list[Side] = []
        read: list[list[HandObservation]] = []
        for side in SIDES:
            usable = [one for one in observations.get(side, ()) if known_joints(one).any()]
            if usable and (side in warm or max(known_joints(one).sum() for one in usable) >= FEWEST_JOINTS):
                sides.append(side)
                read.append(usable)
        return cls(chain.take([SIDES.index(side) for side in sides]), sides, read, intrinsics)

    def problem(self, expected: Expected, shape_mean: np.ndarray, shape_info: float) -> Problem:
        camera = self.intrinsics
        return Problem(
            self.chain,
            self._evidence,
            np.array([camera.fx, camera.fy, camera.cx, camera.cy]),
            expected,
            shape_mean,
            shape_info,
        )

    def closed_form(self, hand: int, shape: np.ndarray) -> ChainState:
        """Start of one hand, without batch, from its surest observation."""
        surest = self._surest[hand]
        chain = self.chain.take([hand])
        if surest.reader != "landmarks":
            chain = chain.of_joints()
        state = closed_form_start(chain, surest, self.intrinsics, shape)
        return ChainState(*(part[0] for part in state))

    def reprojection(self, solution: Solution) -> np.ndarray:
        """(H,) mean distance of the surest reading's known joints, as a share of their box."""
        off = np.linalg.norm(solution.measured.off_2d, axis=-1)
        errors = np.zeros(len(self.sides))
        for one in np.flatnonzero(self._evidence.anchor):
            known = self._evidence.info_2d[one] > 0
            places = self._evidence.joints_2d[one, known]
            box = max(float(np.ptp(places, axis=0).max()), 1.0)
            errors[self._evidence.hand[one]] = off[one, known].mean() / box
        return errors

    def _packed(self) -> Evidence:
        count = len(self._read)
        evidence = Evidence(
            np.array([hand for hand, _ in self._read], dtype=np.int64),
            np.array([int(one.reader == "landmarks") for _, one in self._read], dtype=np.int64),
            np.array([one is self._surest[hand] for hand, one in self._read], dtype=bool),
            np.zeros((count, 21, 2)),
            np.zeros((count, 21)),
            np.zeros((count, 21, 3)),
            np.zeros((count, 21, 3)),
        )
        for n, (_, one) in enumerate(self._read):
            trust = float(np.clip(one.presence, _LEAST_PRESENCE, 1.0))
            known = known_joints(one)
            evidence.joints_2d[n, known] = one.joints_2d[known]
            evidence.info_2d[n, known] = trust / np.asarray(one.sigma_2d, np.float64)[known] ** 2
            if one.joints_3d is not None and one.sigma_3d is not None:
                placed = np.isfinite(one.sigma_3d).all(axis=1) & np.isfinite(one.joints_3d).all(axis=1)
                evidence.joints_3d[n, placed] = one.joints_3d[placed]
                evidence.info_3d[n, placed] = trust / np.asarray(one.sigma_3d, np.float64)[placed] ** 2
        return evidence


def _sureness(observation: HandObservation) -> float:
    """How much an observation says of where the joints are in the image; one that also knows space goes before."""
    known = known_joints(observation)
    sure = float(observation.presence * np.sum(1.0 / np.asarray(observation.sigma_2d, np.float64)[known] ** 2))
    return sure if observation.joints_3d is not None else 1e-3 * sure
