"""Evaluates predicted hands against labelled images, under every published protocol that the labels allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from evaluation.metrics.distances import aligned_error, normalised_errors, view_consistency
from evaluation.metrics.protocols import PROTOCOLS, Errors, Hand, ImageErrors, Means, collect, mean_known
from evaluation.predictions import PredictedSample
from models.hand_model import HandModel
from models.values import SIDES, HandReconstruction, Side
from training.data.samples import Sample

NOT_FOUND = 1.0
"""What a hand that was not found counts as in `Evaluation.nme_all`: its whole box."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Metrics of one model on one set of images. What could not be evaluated is not a number.

    Attributes:
        images: how many images were evaluated.
        pairs: how many of them are of two hands.
        hands: labelled hands.
        found: labelled hands for which there was a prediction. Published codes always predict both hands, so that
            their protocols' averages compare only where this is all of them.
        protocols: by protocol and metric, averages by kind of image, millimetres.
        found_rate: the same as a part.
        pa_mpjpe: mean over found hands, millimetres.
        nme: mean 2D error of found hands, normalised by the hand's box.
        nme_all: the same over all labelled hands; one that was not found is off by `NOT_FOUND`, and no hand by more.
        presence_accuracy: part of the sides that were rightly said to be there or not.
        side_accuracy: part of the images of one hand whose surest hand has the right side.
        both_right: part of the images where both sides were rightly said to be there or not, InterNet's
            "handedness accuracy".
        second_hand_shown: part of the images of one hand in which two are shown.
        both_kept: part of the images of two hands in which both are shown.
        view_consistency: mean over groups, millimetres.
        within_expected: parts of the 2D errors along an axis that are at most one and two times what the model
            expects of that joint; of a Laplace distribution .632 and .865.
        image_errors: (H, 21) of every labelled hand normalised by its box, infinite where it was not found.
        errors: by protocol, of every image.
    """

    images: int
    pairs: int
    hands: int
    found: int
    protocols: Mapping[str, Mapping[str, Means]]
    found_rate: float
    pa_mpjpe: float
    nme: float
    nme_all: float
    presence_accuracy: float
    side_accuracy: float
    both_right: float
    second_hand_shown: float
    both_kept: float
    view_consistency: float
    within_expected: tuple[float, float]
    image_errors: np.ndarray
    errors: Mapping[str, Errors]


def evaluate(predicted: Iterable[PredictedSample], hand_models: Mapping[Side, HandModel]) -> Evaluation:
    """Evaluate predictions; the images are read once and not kept.

    Args:
        predicted: what was predicted.
        hand_models: the models of the meshes, predicted and true.
    """
    tally = _Tally(hand_models)
    for entry in predicted:
        tally.add(entry)
    return tally.evaluation()


class _Tally:
    """Errors image by image."""

    def __init__(self, hand_models: Mapping[Side, HandModel]) -> None:
        self._hand_models = hand_models
        self._two_hands: list[bool] = []
        self._pictures: dict[str, list[ImageErrors]] = {name: [] for name in PROTOCOLS}
        self._aligned: list[float] = []
        self._image: list[np.ndarray] = []
        self._times_expected: list[np.ndarray] = []
        self._labelled = 0
        self._found = 0
        self._presence: list[tuple[bool, bool]] = []
        self._sides: list[bool] = []
        self._both_shown: dict[int, list[bool]] = {1: [], 2: []}
        self._views: dict[str, list[np.ndarray]] = defaultdict(list)

    def add(self, entry: PredictedSample) -> None:
        sample, hands = entry.sample, entry.prediction.hands
        self._two_hands.append(len(sample.hands) == 2)
        predicted: dict[Side, Hand] = {side: Hand(hand.joints, _mesh(hand)) for side, hand in hands.items()}
        true: dict[Side, Hand] = {side: Hand(label.joints, label.vertices) for side, label in sample.hands.items()}
        for name, protocol in PROTOCOLS.items():
            self._pictures[name].append(protocol.compare(predicted, true, self._hand_models))
        for side in sample.hands:
            self._add_hand(sample, side, hands.get(side))
        surest = max(hands, key=lambda side: hands[side].score) if hands else None
        if sample.presence_known:
            left, right = ((side in hands) == (side in sample.hands) for side in SIDES)
            self._presence.append((left, right))
            if sample.hands:
                self._both_shown[len(sample.hands)].append(len(hands) == 2)
            if len(sample.hands) == 1:
                self._sides.append(surest in sample.hands)
        if entry.group is not None and surest is not None:
            self._views[entry.group].append(hands[surest].joints)

    def _add_hand(self, sample: Sample, side: Side, hand: HandReconstruction | None) -> None:
        label = sample.hands[side]
        self._labelled += 1
        known = np.isfinite(label.joints_px).all(axis=-1)
        if hand is None:
            self._image.append(np.where(known, np.inf, np.nan))
            return
        self._found += 1
        self._image.append(normalised_errors(hand.joints_px, label.joints_px, known))
        if hand.errors_px is not None:
            self._times_expected.append(np.abs(hand.joints_px - label.joints_px)[known] / hand.errors_px[known, None])
        if label.joints is not None:
            known = np.isfinite(label.joints).all(axis=-1)
            self._aligned.append(1000.0 * aligned_error(hand.joints, label.joints, known))

    def evaluation(self) -> Evaluation:
        errors = {name: collect(pictures, self._two_hands) for name, pictures in self._pictures.items()}
        image = np.array(self._image).reshape(-1, 21)
        missing = np.isinf(image).any(axis=1)
        by_hand = np.array([mean_known(hand) for hand in image])
        presence = np.array(self._presence, dtype=np.float64).reshape(-1, 2)
        times_expected = np.concatenate([np.zeros((0, 2)), *self._times_expected])
        consistency = [1000.0 * view_consistency(views) for views in self._views.values()]
        return Evaluation(
            images=len(self._two_hands),
            pairs=sum(self._two_hands),
            hands=self._labelled,
            found=self._found,
            protocols={name: PROTOCOLS[name].summarise(rows) for name, rows in errors.items()},
            found_rate=self._found / self._labelled if self._labelled else float("nan"),
            pa_mpjpe=mean_known(np.array(self._aligned)),
            nme=mean_known(by_hand[~missing]),
            nme_all=mean_known(np.minimum(by_hand, NOT_FOUND)),
            presence_accuracy=mean_known(presence),
            side_accuracy=mean_known(np.array(self._sides, dtype=np.float64)),
            both_right=mean_known(presence.all(axis=1).astype(np.float64)),
            second_hand_shown=mean_known(np.array(self._both_shown[1], dtype=np.float64)),
            both_kept=mean_known(np.array(self._both_shown[2], dtype=np.float64)),
            view_consistency=mean_known(np.array(consistency)),
            within_expected=(mean_known(times_expected <= 1.0), mean_known(times_expected <= 2.0)),
            image_errors=image,
            errors=errors,
        )


def _mesh(hand: HandReconstruction) -> np.ndarray | None:
    """(778, 3), None from what tells only joints."""
    return hand.vertices if np.isfinite(hand.vertices).all() else None
