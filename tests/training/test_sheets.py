import numpy as np

from models.values import FINGERS
from training.run.sheets import HAND_COLOURS, draw_hand, tiled


def spread_hand() -> np.ndarray:
    """(21, 2) px: fingers side by side, pointing up from a wrist below."""
    joints = np.empty((21, 2))
    joints[0] = 60.0, 110.0
    for column, chain in enumerate(FINGERS.values()):
        joints[list(chain)] = np.column_stack([np.full(4, 20.0 + 20.0 * column), [80.0, 60.0, 40.0, 20.0]])
    return joints


def drawn(joints: np.ndarray, dots: bool = False) -> np.ndarray:
    picture = np.zeros((128, 128, 3), np.uint8)
    draw_hand(picture, joints, "left", dots=dots)
    return picture


def test_bones_have_the_colour_of_their_side_and_dots_lie_on_joints():
    bones, dotted = drawn(spread_hand()), drawn(spread_hand(), dots=True)
    np.testing.assert_allclose(bones[30, 40], HAND_COLOURS["left"], atol=30)  # anti-aliased
    assert not bones[30, 50].any()
    for x, y in spread_hand().astype(int):
        assert tuple(dotted[y, x]) == (255, 255, 255)


def test_bones_with_a_point_that_is_not_known_are_left_out_and_no_others():
    joints = spread_hand()
    joints[FINGERS["index"][2]] = np.nan
    whole, partly = drawn(spread_hand()), drawn(joints)
    lost = (whole != partly).any(axis=2)
    rows, columns = np.nonzero(lost)
    x = int(joints[FINGERS["index"][3], 0])
    assert lost[22:58, x].all()
    assert (np.abs(columns - x) <= 1).all()
    assert rows.max() <= 61
    assert not drawn(np.full((21, 2), np.nan), dots=True).any()


def test_a_point_far_away_does_not_overflow():
    joints = spread_hand()
    joints[FINGERS["little"][3]] = 1e12, 60.0
    np.testing.assert_array_equal(drawn(joints)[:, :90], drawn(spread_hand())[:, :90])


def test_the_last_row_is_filled_up_with_black():
    sheet = tiled([np.full((2, 3, 3), value, np.uint8) for value in (1, 2, 3)], 2)
    assert sheet.shape == (4, 6, 3)
    np.testing.assert_array_equal(sheet[::2, ::3, 0], [[1, 2], [3, 0]])
