"""Labels of images that follow each other: what both directions agree on, and what is never written."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from evaluation.annotations import POINT_JOINTS, load_annotations
from models.errors import BothhandsError
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tests.tracking.test_hand_pair_tracker import NOTHING, reading
from tracking.detector.palm import KEYPOINT_LANDMARKS, Palm
from tracking.detector.reading import HandReading
from tracking.sources.stamped import StampedImage
from tracking.values import Frame
from training.datasets.image_folder import ImageFolder
from training.labelling import BurstOptions, label_bursts
from training.labelling.both_ways import agree_both_ways
from training.labelling.bursts import withheld_images

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CAMERA = Intrinsics.assumed(640, 480)
PLACES = {"left": (420, 300), "right": (220, 300)}


def frames_of(count: int) -> list[Frame]:
    """Grey images whose first pixel is their number plus one: it tells `Film` which one it sees, and if mirrored."""
    frames = []
    for index in range(count):
        image = np.full((480, 640, 3), 200, np.uint8)
        image[0, 0] = index + 1
        frames.append(Frame(index, index * 100_000_000, image))
    return frames


@dataclass
class Film:
    """Hands by frame; a landmark network and palms that see them."""

    hands: list[dict[str, tuple[float, float]]]
    doubtful_joint: int | None = None

    def _seen(self, image) -> list[HandReading]:
        mirrored = image[0, 0, 0] == 200
        number = int(image[0, -1 if mirrored else 0, 0]) - 1
        found = [reading(side, *place) for side, place in self.hands[number].items()]
        if mirrored:
            found = [reading("left" if hand.left < 0.5 else "right", *self._mirrored(hand)) for hand in found]
        return found

    @staticmethod
    def _mirrored(hand):
        wrist = hand.landmarks[0]
        return 639 - wrist[0], wrist[1]

    def palms(self, image, least_score):
        found = []
        for hand in self._seen(image):
            points = hand.landmarks[list(KEYPOINT_LANDMARKS)]
            found.append(Palm(0.9, np.concatenate([points.min(0), points.max(0)]), points))
        return found

    def read(self, image, regions):
        return [self._answer(self._seen(image), region) for region in regions]

    def _answer(self, hands, region):
        def distance(hand):
            return float(np.hypot(*(hand.landmarks[[0, 5, 9, 17]].mean(axis=0) - [region.x, region.y])))

        nearest = min(hands, key=distance, default=None)
        if nearest is None or distance(nearest) > 0.4 * region.side:
            return NOTHING
        if self.doubtful_joint is None:
            return nearest
        landmarks = nearest.landmarks.copy()
        landmarks[self.doubtful_joint] += 300.0 * region.rotation  # guessed anew in each region
        return HandReading(nearest.presence, nearest.left, landmarks, nearest.world_landmarks)


@dataclass
class Network:
    """A two-hand network that sees hands at these places, whatever it is shown."""

    places: dict[str, tuple[float, float]]

    def reconstruct(self, crops):
        nothing = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
        hands = {
            side: HandReconstruction(
                nothing, np.zeros((778, 3)), np.zeros((21, 3)), reading(side, *place).landmarks, 0.9
            )
            for side, place in self.places.items()
        }
        return [Reconstruction(hands) for _ in crops]

    def reset(self):
        pass


def test_hands_that_all_see_alike_are_labelled_where_they_are():
    agreed = agree_both_ways(frames_of(4), CAMERA, Film([PLACES] * 4), Network(PLACES))
    assert [set(hands) for hands in agreed[1:-1]] == [{"left", "right"}] * 2
    for side, place in PLACES.items():
        hand = agreed[1][side]
        np.testing.assert_allclose(hand.landmarks, reading(side, *place).landmarks, atol=1.5)
        assert hand.known.all()


def test_a_joint_that_is_guessed_anew_in_each_region_is_not_known():
    [_, hands, _] = agree_both_ways(frames_of(3), CAMERA, Film([PLACES] * 3, doubtful_joint=8), Network(PLACES))
    assert np.flatnonzero(~hands["left"].known).tolist() == [8]


def test_a_hand_that_is_elsewhere_for_one_frame_is_not_labelled_there():
    places = [dict(PLACES) for _ in range(5)]
    places[2]["right"] = (300, 330)
    agreed = agree_both_ways(frames_of(5), CAMERA, Film(places), Network(PLACES))
    assert "right" not in agreed[2]
    assert "right" in agreed[1]


def test_a_hand_of_which_the_network_says_that_it_is_the_other_one_is_not_labelled():
    swapped = {"left": PLACES["right"], "right": PLACES["left"]}
    agreed = agree_both_ways(frames_of(3), CAMERA, Film([PLACES] * 3), Network(swapped))
    assert agreed == [{}, {}, {}]


def test_a_folder_without_sequences_is_an_error(tmp_path):
    with pytest.raises(BothhandsError, match="no file or folder"):
        label_bursts(BurstOptions(source=tmp_path / "none", out=tmp_path / "out", source_name="us", licence="CC0"))


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the real images are not here")
def test_labels_of_real_pairs_lie_on_the_hands_and_evaluated_images_are_not_written(tmp_path):
    annotated = load_annotations(DATA / "annotated" / "dev.json")
    name = "clasped_webcam/b002_monkey_0001.36s.jpg"
    source = tmp_path / "clasped_webcam"
    source.mkdir()
    for path in sorted((DATA / "images" / "clasped_webcam").glob("b002_monkey_000[12]*.jpg"))[:14]:
        shutil.copy(path, source / path.name)
    options = BurstOptions(source=source, out=tmp_path / "all", source_name="us", licence="CC0")
    report = label_bursts(options)
    assert report.withheld == 0
    labelled = ImageFolder(tmp_path / "all")
    _, hands = labelled.labels([labelled.path(i).name for i in range(len(labelled))].index(Path(name).name), 640, 480)
    for hand in annotated[name]:
        if hand.side in hands:
            for point, place in hand.points.items():
                joint = hands[hand.side].joints_px[POINT_JOINTS[point]]
                assert not np.linalg.norm(joint - place) > 0.25 * hand.size
    withheld = label_bursts(
        BurstOptions(source=source, out=tmp_path / "rest", source_name="us", licence="CC0", withheld=frozenset([name]))
    )
    assert withheld.withheld > 3
    assert not (tmp_path / "rest" / Path(name).name).exists()


@pytest.mark.parametrize("name", ["b_0002.00s.jpg", "set/b_0002.00s.jpg", "images/set/b_0002.00s.jpg"])
def test_images_within_a_second_of_an_evaluated_one_are_withheld_however_deep_its_name_is(name):
    times = ("0000.50", "0001.00", "0002.00", "0003.00", "0003.10")
    sequence = [StampedImage.of(Path(f"/data/images/set/b_{seconds}s.jpg")) for seconds in times]
    assert sorted(image.seconds for image in withheld_images(sequence, frozenset([name]))) == [1.0, 2.0, 3.0]
    assert withheld_images(sequence, frozenset(["et/b_0002.00s.jpg"])) == frozenset()
    assert withheld_images(sequence, frozenset()) == frozenset()
