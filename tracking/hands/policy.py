"""When the tracker believes in a hand: every threshold of it, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TrackingPolicy:
    """Thresholds of `HandPairTracker`. Distances are mean joint distances in parts of the hand's box (longer side).

    Attributes:
        presence: presence from which the landmark network's answer in a tracked hand's region is that hand.
        candidate_presence: the same in a region where a hand is only suspected.
        blurred_presence: the same where palm detection finds one, for a hand that was seen a moment ago.
        blurred_seconds: how long ago that may be.
        blurred_distance: how far it may have moved.
        palm_score: palm score that alone is support enough for a new hand.
        likely_palm_score: palm score from which a region is read in each frame while no hand is known.
        weak_palm_score: palm score from which a region is worth the landmark network's time.
        most_palms: palms whose regions are read in one search.
        network_presence: presence from which the two-hand network supports a hand.
        least_network_presence: presence below which the network denies a hand that no other frame knows.
        vote_weight: what each region that leads to an answer adds to `Candidate.score`.
        most_votes: regions that count so.
        side_weight: what log odds of the wanted side add to it.
        palm_weight: what the palm's score adds to it.
        network_weight: what the distance from the network's hand takes from it, at most once.
        place_weight: log odds of a side that a distance of one hand size outweighs where two tracks claim one hand.
        sure_presence: presence from which the network may deny that hand's side but not the hand.
        new_score: `Candidate.score` from which a supported candidate is a new hand; wrong answers mostly score less.
        sure_score: the same from which it is shown at once rather than when it was seen twice.
        found_score: the same from which a candidate is a hand that was lost near there.
        lone_presence: presence of the landmark network that a hand needs where nothing else supports it.
        lone_votes: regions that must lead to the same answer where no network can support it.
        excluded_presence: presence that an answer of the wrong side needs to count as the other hand by exclusion.
        excluded_distance: how far from the known hand it must be.
        same_hand: two answers nearer than this are of one hand, unless each is sure of its own side.
        doubtful_same_hand: the same where one of the two answers contradicts its track's side.
        sure_side: log odds of a side that count as sure.
        contrary_side: log odds against a side from which an answer contradicts it.
        most_evidence: log odds of a side that one frame may add: one sure frame must not outweigh many.
        side_memory: part of the side's log odds that is kept from frame to frame.
        side_margin: log odds by which the other assignment of sides must lead before the sides change.
        facing_prior: log odds that of two new hands the one further right in the image is the left one.
        same_track: a hand within this distance of a track's prediction continues it.
        scale_ratio: hands of one person differ in scale in the image by this factor at most.
        touching_scale_ratio: the same of hands whose boxes overlap, and of one hand from a frame to the next.
        velocity_share: part of the last movement that the next region is shifted by.
        steady_seconds: a movement older than this predicts nothing.
        reread_distance: an answer so far from its region's middle is read again in a region of its own.
        confirm_frames: frames in which a hand without support must be seen before it is shown.
        unconfirmed_seconds: how long a hand that was never confirmed is looked for.
        lost_seconds: how long a lost hand's place is looked at, and every frame searched.
        carry_presence: presence from which the network carries a hand that is covered: it is the only witness.
        carry_seconds: how long the place of a hand that the network carried stays without a further sight.
        most_carried_seconds: how long the network alone carries a hand that the landmark network does not see.
        carry_distance: how far from its last place the network may carry a hand.
        carry_apart: how far from the other hand it must be.
        spread_a_second: how much farther a lost hand is looked for, a second, in parts of `same_track`.
        search_every: frames between searches for a second hand while one is tracked and none was lost.
        network_search_every: the same for the network, as long as there is news of a second hand.
        vain_searches: searches of the network in vain after which each further one doubles that.
        network_search_seconds: the longest that it comes to.
        pair_seconds: how long after both hands were seen a second one is news.
        new_surroundings: movement of a lone hand since the network's last look that is news: it saw twice the hand's
            box.
        suspicion_frames: for how many frames every one is searched after the network saw a second hand.
        check_every: frames between checks of hands that touch, by the network and by regions of their own.
        heartbeat_every: frames between checks of tracked hands that do not touch.
        check_distance: distance of the network's hand from a tracked one from which they disagree.
        check_margin: score by which another answer must lead before it replaces a tracked hand's.
    """

    presence: float = 0.5
    candidate_presence: float = 0.5
    blurred_presence: float = 0.3
    blurred_seconds: float = 0.25
    blurred_distance: float = 1.6
    palm_score: float = 0.5
    likely_palm_score: float = 0.15
    weak_palm_score: float = 0.05
    most_palms: int = 4
    network_presence: float = 0.5
    least_network_presence: float = 0.3
    vote_weight: float = 0.15
    most_votes: int = 4
    side_weight: float = 0.1
    palm_weight: float = 0.2
    network_weight: float = 0.3
    place_weight: float = 3.0
    sure_presence: float = 0.95
    new_score: float = 1.15
    sure_score: float = 1.4
    found_score: float = 0.9
    lone_presence: float = 0.9
    lone_votes: int = 3
    excluded_presence: float = 0.8
    excluded_distance: float = 0.35
    same_hand: float = 0.15
    doubtful_same_hand: float = 0.4
    sure_side: float = 2.0
    contrary_side: float = 0.5
    most_evidence: float = 3.0
    side_memory: float = 0.8
    side_margin: float = 3.0
    facing_prior: float = 0.5
    same_track: float = 1.0
    scale_ratio: float = 2.2
    touching_scale_ratio: float = 1.5
    velocity_share: float = 0.7
    steady_seconds: float = 0.2
    reread_distance: float = 0.3
    confirm_frames: int = 2
    unconfirmed_seconds: float = 0.25
    lost_seconds: float = 1.0
    carry_presence: float = 0.7
    carry_seconds: float = 0.3
    most_carried_seconds: float = 3.0
    carry_distance: float = 0.6
    carry_apart: float = 0.3
    spread_a_second: float = 2.0
    search_every: int = 3
    network_search_every: int = 3
    vain_searches: int = 3
    network_search_seconds: float = 1.0
    pair_seconds: float = 2.0
    new_surroundings: float = 1.0
    suspicion_frames: int = 6
    check_every: int = 4
    heartbeat_every: int = 30
    check_distance: float = 0.5
    check_margin: float = 0.3
