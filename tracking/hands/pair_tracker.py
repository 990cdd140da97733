"""Follows both hands of a person: the landmark network in each hand's region, and a search where one is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.values import OTHER_SIDE, SIDES, HandReconstruction, Intrinsics, Side
from tracking.crop_planner import gap
from tracking.detector.palm import Palm, is_palm_of
from tracking.detector.reading import HandReading, hand_size, mean_distance, scale_ratio
from tracking.detector.regions import region_from_landmarks
from tracking.hands.candidates import (
    Candidate,
    Proposal,
    candidate_of,
    gather_candidates,
    is_same_answer,
    mirror_proposals,
    palm_proposals,
)
from tracking.hands.hard_to_see import lit, palms_in, tiles
from tracking.hands.policy import TrackingPolicy
from tracking.hands.readers import LandmarkReader, NetworkReader
from tracking.hands.second_hand import SecondHandSearch
from tracking.hands.track import HandTrack, assign_sides, keep_sides

_MOST_HANDS = 2
_Network = Mapping[Side, HandReconstruction]


@dataclass(frozen=True, eq=False)
class SeenHand:
    """A hand of one frame and who saw it.

    Attributes:
        reading: the landmark network's answer, None where only the two-hand network sees the hand.
        network: the two-hand network's hand, None where it was not asked or does not see it there.
        left_odds: log odds that it is the left one, accumulated.
    """

    reading: HandReading | None
    network: HandReconstruction | None
    left_odds: float


@dataclass(frozen=True, eq=False)
class _Image:
    """A frame, and what was asked about it."""

    image: np.ndarray
    intrinsics: Intrinsics
    captured_ns: int
    independent: bool


class HandPairTracker:
    """Up to two hands through the frames of one source. Used by one thread.

    Attributes:
        lock_sides: from the next frame on a hand that was shown keeps its side as long as it is followed, a lost one
            is found again by its place alone unless both are lost, and another hand has the other side. What is read
            of a hand decides its side only while none is followed.

    Args:
        landmarks: reads regions.
        network: sees both hands at once; None reads landmarks alone.
        policy: thresholds.
    """

    def __init__(
        self, landmarks: LandmarkReader, network: NetworkReader | None, policy: TrackingPolicy | None = None
    ) -> None:
        self._landmarks, self._network = landmarks, network
        self._policy = policy or TrackingPolicy()
        self._second = SecondHandSearch(self._policy)
        self.lock_sides = False
        self.reset()

    def reset(self) -> None:
        """Forget all hands: another source or take begins."""
        self._tracks: list[HandTrack] = []
        self._frames = 0
        self._suspicion = 0
        self._palm_is_sure = False  # in the last image that was searched as a whole
        self._another_palm = False  # in it, of low score and none of the hands that were seen
        self._second.reset()
        if self._network is not None:
            self._network.reset()

    def observe(
        self, image: np.ndarray, intrinsics: Intrinsics, captured_ns: int, independent: bool = False
    ) -> dict[Side, SeenHand]:
        """The hands of the next frame.

        Args:
            image: (H, W, 3) uint8 RGB.
            intrinsics: of its camera.
            captured_ns: rises from call to call.
            independent: the image stands alone: everything is tried, and what is supported is shown at once.
        """
        if independent:
            self.reset()
        picture = _Image(lit(image), intrinsics, captured_ns, independent)
        self._frames += 1
        self._tracks = [track for track in self._tracks if self._is_alive(track, captured_ns)]
        tracks = self._follow(picture)
        if sum(track.seen_ns == captured_ns for track in tracks) < _MOST_HANDS:
            tracks, network = self._search(picture, tracks)
        else:
            self._second.saw_pair(captured_ns)
            tracks, network = self._check(picture, tracks)
        tracks = self._carry(picture, tracks, network)
        held = [track for track in tracks if self._holds_side(track, captured_ns)]
        self._tracks = keep_sides(tracks, held) if held else assign_sides(tracks, self._policy)
        return self._shown(network, captured_ns)

    def _holds_side(self, track: HandTrack, captured_ns: int) -> bool:
        return self.lock_sides and track.confirmed and track.begun_ns < captured_ns

    # Following

    def _is_alive(self, track: HandTrack, captured_ns: int) -> bool:
        policy = self._policy
        if not track.confirmed:
            return track.age(captured_ns) <= policy.unconfirmed_seconds
        carried = (captured_ns - track.carried_ns) * 1e-9 <= policy.carry_seconds
        return track.age(captured_ns) <= (policy.most_carried_seconds if carried else policy.lost_seconds)

    def _follow(self, picture: _Image) -> list[HandTrack]:
        """All tracks, those that the landmark network still sees in their predicted regions with its answer."""
        if not self._tracks:
            return []
        now, policy = picture.captured_ns, self._policy
        predicted = [track.predict(now, policy) for track in self._tracks]
        readings = self._landmarks.read(picture.image, [region_from_landmarks(joints) for joints in predicted])
        far = [
            place
            for place, reading in enumerate(readings)
            if reading.presence >= policy.presence
            and mean_distance(reading.landmarks, predicted[place])
            > policy.reread_distance * hand_size(predicted[place])
        ]
        for place, reading in self._reread(picture, readings, far):
            readings[place] = reading
        seen = {
            place: reading
            for place, reading in enumerate(readings)
            if reading.presence >= policy.presence
            and self._tracks[place].distance(reading.landmarks, now, policy) <= policy.same_track
            and scale_ratio(reading, self._tracks[place].reading) <= policy.touching_scale_ratio
        }
        self._drop_collapsed(seen, now)
        return [
            track.see(seen[place], now, policy) if place in seen else track for place, track in enumerate(self._tracks)
        ]

    def _reread(
        self, picture: _Image, readings: Sequence[HandReading], places: Sequence[int]
    ) -> list[tuple[int, HandReading]]:
        """Answers in regions of their own landmarks, where these are surer than the first."""
        again = self._landmarks.read(
            picture.image, [region_from_landmarks(readings[place].landmarks) for place in places]
        )
        return [
            (place, reading)
            for place, reading in zip(places, again, strict=True)
            if reading.presence >= readings[place].presence
        ]

    def _drop_collapsed(self, seen: dict[int, HandReading], now: int) -> None:
        """Where both tracks ended on one hand, the one that it does not belong to has lost its own."""
        if len(seen) < _MOST_HANDS:
            return
        policy = self._policy
        first, second = seen.values()
        distance = mean_distance(first.landmarks, second.landmarks) / max(
            hand_size(first.landmarks), hand_size(second.landmarks)
        )
        odds = [self._tracks[place].own_odds(reading, policy) for place, reading in seen.items()]
        doubtful = min(odds) < -policy.contrary_side
        both_sure = min(odds) >= policy.sure_side
        if both_sure or distance >= (policy.doubtful_same_hand if doubtful else policy.same_hand):
            return
        del seen[min(seen, key=lambda place: self._claim(self._tracks[place], seen[place], now))]

    # Searching

    def _search(self, picture: _Image, tracks: list[HandTrack]) -> tuple[list[HandTrack], _Network]:
        """Look for what is missing: hands that were lost, and new ones."""
        policy, now = self._policy, picture.captured_ns
        seen = [track for track in tracks if track.seen_ns == now]
        lost = [track for track in tracks if track.seen_ns != now]
        self._suspicion = max(self._suspicion - 1, 0)
        urgent = picture.independent or self._suspicion > 0 or any(track.confirmed for track in lost)
        if not urgent and seen and self._frames % policy.search_every:
            return tracks, {}
        network: _Network = {}
        places = [track.joints_px for track in [*seen, *lost]]
        asks = self._network is not None and (urgent or self._second.is_due(self._frames, now))
        network_saw_all = asks and not places
        if asks:
            network = self._ask_network(picture, places)
        another = self._network_sees_another(network, seen)
        if another:
            self._suspicion = policy.suspicion_frames
        if asks:
            self._second.looked(self._frames, now, seen[0] if seen else None, another)
        thorough = urgent or self._suspicion > 0
        answers = self._read_proposals(picture, self._first_proposals(picture, seen, lost, network, thorough))
        if seen:
            self._second.note(seen[0], self._another_palm, now)
        while len(seen) < _MOST_HANDS:
            wanted = OTHER_SIDE[seen[0].side] if seen else None
            if thorough and seen:
                answers += self._read_proposals(picture, mirror_proposals(seen[0].joints_px, seen[0].side))
            candidates = gather_candidates(answers, [track.reading for track in seen], wanted, network, policy)
            owner, track = self._accept(candidates, lost, picture)
            if track is None:
                break
            lost = [other for other in lost if other is not owner]
            if network_saw_all and not seen:
                # In a crop of the whole image hands are small: now it is known where to look.
                network = self._ask_network(picture, [track.joints_px])
                if picture.independent and not self._palm_is_sure and self._network_denies(network, track):
                    answers = [answer for answer in answers if not is_same_answer(answer[1], track.reading)]
                    continue
                answers += self._read_proposals(picture, _network_proposals(network))
                thorough = thorough or self._network_sees_another(network, [track])
            seen.append(track)
        room = _MOST_HANDS - len(seen)
        sides = {track.side for track in seen}
        return seen + [track for track in lost if track.side not in sides][:room], network

    def _first_proposals(
        self,
        picture: _Image,
        seen: Sequence[HandTrack],
        lost: Sequence[HandTrack],
        network: _Network,
        thorough: bool,
    ) -> list[Proposal]:
        policy, now = self._policy, picture.captured_ns
        unurgent = policy.palm_score if seen else policy.likely_palm_score
        least = policy.weak_palm_score if thorough else unurgent
        palms = self._landmarks.palms(picture.image, min(least, policy.likely_palm_score))
        self._palm_is_sure = any(palm.score >= policy.palm_score for palm in palms)
        known = [track.joints_px for track in seen]
        self._another_palm = any(
            palm.score >= policy.likely_palm_score and not any(is_palm_of(palm, joints) for joints in known)
            for palm in palms
        )
        palms = [palm for palm in palms if palm.score >= least]
        if not seen and not any(palm.score >= policy.likely_palm_score for palm in palms):
            palms = [*self._small_palms(picture), *palms]
        proposals = palm_proposals(palms, known, policy)
        proposals += _network_proposals(network)
        for track in lost:
            region = region_from_landmarks(track.predict(now, policy))
            turn, scale = _LOST_VARIANTS[self._frames % len(_LOST_VARIANTS)]
            proposals.append(Proposal(replace(region, rotation=region.rotation + turn, side=region.side * scale)))
        return proposals

    def _small_palms(self, picture: _Image) -> list[Palm]:
        """Palms in parts of an image in the whole of which there are none: one part a frame, or all of a still."""
        height, width = picture.image.shape[:2]
        parts = tiles(width, height)
        if not picture.independent:
            parts = [parts[self._frames % len(parts)]]
        for part in parts:
            palms = palms_in(self._landmarks, picture.image, part, self._policy.palm_score)
            if palms:
                return palms
        return []

    def _read_proposals(self, picture: _Image, proposals: Sequence[Proposal]) -> list[tuple[Proposal, HandReading]]:
        readings = self._landmarks.read(picture.image, [proposal.region for proposal in proposals])
        likely = [place for place, reading in enumerate(readings) if reading.presence >= _WORTH_REREADING]
        for place, reading in self._reread(picture, readings, likely):
            readings[place] = reading
        return list(zip(proposals, readings, strict=True))

    def _accept(
        self, candidates: Sequence[Candidate], lost: Sequence[HandTrack], picture: _Image
    ) -> tuple[HandTrack | None, HandTrack | None]:
        """The lost track that is found again, and the best candidate as a track: that one's, or a new one."""
        policy, now = self._policy, picture.captured_ns
        for candidate in candidates:
            reading = candidate.reading
            owner = self._owner(candidate, lost, now)
            if owner is not None:
                return owner, owner.see(reading, now, policy)
            if candidate.is_supported(policy, asked_network=self._network is not None):
                at_once = picture.independent or candidate.palm_score >= policy.palm_score
                confirmed = at_once or candidate.score(policy) >= policy.sure_score
                return None, HandTrack.begin(reading, now, confirmed, policy)
            if candidate.own_odds >= 0.0 and reading.presence >= policy.lone_presence and not picture.independent:
                return None, HandTrack.begin(reading, now, False, policy)
        return None, None

    def _owner(self, candidate: Candidate, lost: Sequence[HandTrack], now: int) -> HandTrack | None:
        """The lost hand that a candidate is, if it is one: by side and place, as where two tracks claim one hand."""
        policy = self._policy
        # Where both are lost, place tells them apart, so that a doubtful side need not.
        contrary = policy.sure_side if len(lost) == _MOST_HANDS else policy.contrary_side
        by_place = len(lost) == 1 and self._holds_side(lost[0], now)
        owners = [track for track in lost if self._may_be(track, candidate, math.inf if by_place else contrary, now)]
        return max(owners, key=lambda track: self._claim(track, candidate.reading, now), default=None)

    def _may_be(self, track: HandTrack, candidate: Candidate, contrary: float, now: int) -> bool:
        """Whether a candidate may be the hand of a lost track: the longer ago, the more it may have changed.

        A fast hand is a blur, of which the landmark network is sure neither that it is one nor of its side; palm
        detection or the two-hand network still find it. Where the track's hand was seen a moment ago, that is enough.
        """
        policy, reading = self._policy, candidate.reading
        slack = 1.0 + policy.spread_a_second * track.age(now)
        moved = min(track.distance(reading.landmarks, at, policy) for at in (track.seen_ns, now))
        found = candidate.palm_score >= policy.palm_score or (
            candidate.network_presence >= policy.network_presence and candidate.network_distance < policy.check_distance
        )
        blurred = found and track.confirmed and track.age(now) <= policy.blurred_seconds
        return (
            (
                blurred
                or (candidate.score(policy) >= policy.found_score and reading.presence >= policy.candidate_presence)
            )
            and track.own_odds(reading, policy) > -(policy.sure_side if blurred and contrary < math.inf else contrary)
            and moved <= (policy.blurred_distance if blurred else policy.same_track) * slack
            and scale_ratio(reading, track.reading)
            <= (policy.scale_ratio if blurred else policy.touching_scale_ratio) * slack
        )

    def _claim(self, track: HandTrack, reading: HandReading, now: int) -> float:
        """How well an answer suits a track, by its side and its place."""
        return track.own_odds(reading, self._policy) - self._policy.place_weight * track.distance(
            reading.landmarks, now, self._policy
        )

    def _ask_network(self, picture: _Image, places: Sequence[np.ndarray]) -> _Network:
        assert self._network is not None
        expected: frozenset[Side] = frozenset(track.side for track in self._tracks if track.confirmed)
        captured_ns = None if picture.independent else picture.captured_ns
        return self._network.read(picture.image, places, expected, picture.intrinsics, captured_ns)

    def _network_sees_another(self, network: _Network, seen: Sequence[HandTrack]) -> bool:
        sides: Sequence[Side] = [OTHER_SIDE[track.side] for track in seen] or SIDES
        return any(side in network and network[side].score >= self._policy.network_presence for side in sides)

    def _network_denies(self, network: _Network, track: HandTrack) -> bool:
        """Whether the network, shown where a hand should be, sees none: of the same side, or where landmarks are sure,
        of either.
        """
        sides: Sequence[Side] = SIDES if track.reading.presence >= self._policy.sure_presence else [track.side]
        least = self._policy.least_network_presence
        return not any(side in network and network[side].score >= least for side in sides)

    # Checking

    def _check(self, picture: _Image, tracks: list[HandTrack]) -> tuple[list[HandTrack], _Network]:
        """Whether hands that touch are still where their regions are: a region may have slid onto the other hand."""
        policy = self._policy
        touching = gap(tracks[0].joints_px, tracks[1].joints_px) < 0.0
        every = policy.check_every if touching else policy.heartbeat_every
        if self._network is None or self._frames % every:
            return tracks, {}
        network = self._ask_network(picture, [track.joints_px for track in tracks])
        doubted = [
            (place, hand)
            for place, track in enumerate(tracks)
            if (hand := network.get(track.side)) is not None
            and hand.score >= policy.network_presence
            and mean_distance(hand.joints_px, track.joints_px) >= policy.check_distance * hand_size(track.joints_px)
        ]
        palms = self._landmarks.palms(picture.image, policy.weak_palm_score) if doubted else []
        checked = list(tracks)
        for place, hand in doubted:
            track, other = tracks[place], checked[1 - place]
            proposals = [
                Proposal(region_from_landmarks(hand.joints_px)),
                *mirror_proposals(other.joints_px, other.side),
                *palm_proposals(palms, [other.joints_px], policy),
            ]
            answers = self._read_proposals(picture, proposals)
            candidates = gather_candidates(answers, [other.reading], track.side, network, policy)
            now = candidate_of(track.reading, track.side, network, policy)
            if candidates and candidates[0].score(policy) > now.score(policy) + policy.check_margin:
                checked[place] = self._tracks[place].see(candidates[0].reading, picture.captured_ns, policy)
        return checked, network

    # Showing

    def _carry(self, picture: _Image, tracks: list[HandTrack], network: _Network) -> list[HandTrack]:
        """Lost hands stay where the network alone sees them."""
        policy = self._policy
        carried: list[HandTrack] = []
        for track in tracks:
            hand = network.get(track.side)
            others = [other.joints_px for other in tracks if other is not track]
            if (
                track.seen_ns != picture.captured_ns
                and track.confirmed
                and hand is not None
                and hand.score >= policy.carry_presence
                and mean_distance(hand.joints_px, track.joints_px) < policy.carry_distance * hand_size(track.joints_px)
                and not any(
                    mean_distance(hand.joints_px, joints) < policy.carry_apart * hand_size(joints) for joints in others
                )
            ):
                carried.append(track.carry(hand.joints_px, picture.captured_ns))
            else:
                carried.append(track)
        return carried

    def _shown(self, network: _Network, now: int) -> dict[Side, SeenHand]:
        shown: dict[Side, SeenHand] = {}
        for track in self._tracks:
            if not track.confirmed:
                continue
            hand = network.get(track.side)
            if track.seen_ns == now:
                near = hand is not None and mean_distance(
                    hand.joints_px, track.joints_px
                ) < self._policy.check_distance * hand_size(track.joints_px)
                shown[track.side] = SeenHand(track.reading, hand if near else None, track.left_odds)
            elif track.carried_ns == now:
                shown[track.side] = SeenHand(None, hand, track.left_odds)
        return shown


def _network_proposals(network: _Network) -> list[Proposal]:
    return [Proposal(region_from_landmarks(hand.joints_px)) for hand in network.values()]


_LOST_VARIANTS = ((0.6, 1.0), (-0.6, 1.0), (0.0, 1.3), (0.0, 0.8))
"""Turn in radians and scale of the regions in which a lost hand is looked for, one a frame: it may have turned, or
moved in depth."""
_WORTH_REREADING = 0.3
