"""Where a missing hand may be, and which of the answers found there is believed.

The landmark network places a hand well wherever it is shown the right region, also where hands touch; palm detection
finds few of those. So several regions are proposed and read, and answers that agree are one candidate: palms of low
score, the two-hand network's own hand, and the mirror images of the hand that is seen, since hands that meet in front
of a person are mirror images about the body's middle by and large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from models.values import HandReconstruction, Side
from tracking.crop_planner import gap
from tracking.detector.palm import Palm, is_palm_of
from tracking.detector.reading import HandReading, hand_size, left_odds, mean_distance, scale_ratio
from tracking.detector.regions import Region, region_from_landmarks, region_from_palm
from tracking.hands.policy import TrackingPolicy
from tracking.hands.track import SIGN

_SAME_ANSWER = 0.25
_FINGERTIPS = (8, 12, 16, 20)


class Proposal(NamedTuple):
    """A region worth reading, and the score of the palm that proposed it (0 where none did)."""

    region: Region
    palm_score: float = 0.0


@dataclass(frozen=True, eq=False)
class Candidate:
    """A hand that may be the missing one.

    Attributes:
        reading: the surest of the answers that agree.
        votes: how many agree.
        palm_score: highest of the palms that led there.
        network_distance: to the network's hand of the same side, in sizes of this one; infinite where it has none.
        network_presence: of that hand; 0 where it has none.
        own_odds: log odds of the side that was looked for; absolute ones where any side would do. Against it only a
            palm's answer is kept, which may still be a blurred hand that was lost a moment ago.
    """

    reading: HandReading
    votes: int
    palm_score: float
    network_distance: float
    network_presence: float
    own_odds: float

    def score(self, policy: TrackingPolicy) -> float:
        """What candidates are ranked by: presence, agreement of regions, side, palm and network."""
        return (
            self.reading.presence
            + policy.vote_weight * min(self.votes, policy.most_votes)
            + policy.side_weight * self.own_odds
            + policy.palm_weight * self.palm_score
            - policy.network_weight * min(self.network_distance, 1.0)
        )

    def is_supported(self, policy: TrackingPolicy, asked_network: bool) -> bool:
        """Whether more than the landmark network speaks for it: it says "hand" of a shirt's fold now and then."""
        if self.own_odds < 0.0 or self.reading.presence < policy.candidate_presence:
            return False
        if self.palm_score >= policy.palm_score and self.reading.presence >= policy.lone_presence:
            return True
        if self.score(policy) < policy.new_score:
            return False
        if self.palm_score >= policy.palm_score or self.network_presence >= policy.network_presence:
            return True
        return not asked_network and self.votes >= policy.lone_votes


def mirror_proposals(seen: np.ndarray, side: Side) -> list[Proposal]:
    """Regions of the other hand, if it mirrors the one that is seen about an upright line.

    Args:
        seen: (21, 2) landmarks of the hand that is seen, frame px.
        side: its side. The other one lies on the image's left of a left hand: a person faces the camera, or sits
            behind it with the hands in front; crossed hands are left to other proposals.
    """
    low, high = seen[:, 0].min(), seen[:, 0].max()
    inner, outer = (low, high) if side == "left" else (high, low)
    lines = (inner, 0.75 * inner + 0.25 * outer, seen[list(_FINGERTIPS), 0].mean())
    return [Proposal(region_from_landmarks(_mirrored(seen, float(line)))) for line in lines]


def palm_proposals(palms: Iterable[Palm], known: Sequence[np.ndarray], policy: TrackingPolicy) -> list[Proposal]:
    """Regions of the surest palms that are not those of known hands (21, 2)."""
    fresh = [palm for palm in palms if not any(is_palm_of(palm, joints) for joints in known)]
    return [Proposal(region_from_palm(palm.box, palm.keypoints), palm.score) for palm in fresh[: policy.most_palms]]


def gather_candidates(
    answers: Sequence[tuple[Proposal, HandReading]],
    known: Sequence[HandReading],
    wanted: Side | None,
    network: Mapping[Side, HandReconstruction],
    policy: TrackingPolicy,
) -> list[Candidate]:
    """Answers that may be a missing hand, those that agree taken together; the best first.

    Args:
        answers: what was read where.
        known: hands that are followed already.
        wanted: side of the missing hand; None for any.
        network: the two-hand network's hands of this frame.
        policy: thresholds.
    """
    found: list[Candidate] = []
    for proposal, reading in sorted(answers, key=lambda answer: -answer[1].presence):
        odds = left_odds(reading, policy.most_evidence)
        own = abs(odds) if wanted is None else odds * SIGN[wanted]
        has_palm = proposal.palm_score >= policy.palm_score
        if reading.presence < (policy.blurred_presence if has_palm else policy.candidate_presence):
            continue
        if any(_is_known(reading, own, hand, policy) for hand in known):
            continue
        if own < 0.0:
            if _is_other_by_exclusion(proposal, reading, known, wanted, network, policy):
                own = 0.0
            elif not has_palm:
                continue
        place = next(
            (place for place, other in enumerate(found) if is_same_answer(other.reading, reading)),
            None,
        )
        if place is None:
            side: Side = wanted or ("left" if odds > 0.0 else "right")
            distance, presence = _network_support(reading, network.get(side))
            found.append(Candidate(reading, 1, proposal.palm_score, distance, presence, own))
        else:
            same = found[place]
            palm_score = max(same.palm_score, proposal.palm_score)
            found[place] = replace(same, votes=same.votes + 1, palm_score=palm_score)
    return sorted(found, key=lambda candidate: -candidate.score(policy))


def is_same_answer(one: HandReading, other: HandReading) -> bool:
    """Whether two regions led to one hand, by the size of the second."""
    return mean_distance(one.landmarks, other.landmarks) < _SAME_ANSWER * hand_size(other.landmarks)


def candidate_of(
    reading: HandReading, side: Side, network: Mapping[Side, HandReconstruction], policy: TrackingPolicy
) -> Candidate:
    """A followed hand's own answer, to compare others with."""
    distance, presence = _network_support(reading, network.get(side))
    return Candidate(reading, 1, 0.0, distance, presence, left_odds(reading, policy.most_evidence) * SIGN[side])


def _is_known(reading: HandReading, own_odds: float, hand: HandReading, policy: TrackingPolicy) -> bool:
    """Whether an answer is of a hand that is followed already, or of a size that cannot be the same person's."""
    touching = gap(reading.landmarks, hand.landmarks) < 0.0
    if scale_ratio(reading, hand) > (policy.touching_scale_ratio if touching else policy.scale_ratio):
        return True
    distance = mean_distance(reading.landmarks, hand.landmarks) / hand_size(hand.landmarks)
    # Praying hands lie on each other in the image: then only a sure side tells them apart.
    return distance < (policy.same_hand if own_odds < policy.sure_side else policy.same_hand / 3.0)


def _is_other_by_exclusion(
    proposal: Proposal,
    reading: HandReading,
    known: Sequence[HandReading],
    wanted: Side | None,
    network: Mapping[Side, HandReconstruction],
    policy: TrackingPolicy,
) -> bool:
    """Whether an answer of the wrong side is the missing hand all the same.

    Fists seen from the side are often called by the wrong side. What touches a known hand, is surely a hand (palm,
    landmarks and network say so) and is not that hand, is the person's other one. A hand elsewhere may be another
    person's.
    """
    if wanted is None or wanted not in network or network[wanted].score < policy.network_presence:
        return False
    if proposal.palm_score < policy.palm_score or reading.presence < policy.excluded_presence:
        return False
    return all(
        gap(reading.landmarks, hand.landmarks) < 0.0
        and mean_distance(reading.landmarks, hand.landmarks) > policy.excluded_distance * hand_size(hand.landmarks)
        for hand in known
    )


def _network_support(reading: HandReading, hand: HandReconstruction | None) -> tuple[float, float]:
    if hand is None:
        return float("inf"), 0.0
    distance = mean_distance(hand.joints_px, reading.landmarks) / hand_size(reading.landmarks)
    return distance, hand.score


def _mirrored(joints_px: np.ndarray, line: float) -> np.ndarray:
    mirrored = joints_px.copy()
    mirrored[:, 0] = 2.0 * line - mirrored[:, 0]
    return mirrored
