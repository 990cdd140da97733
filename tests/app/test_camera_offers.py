from __future__ import annotations

from app.live.camera_offers import CameraOffers
from tracking.sources import CameraInfo


def camera(number: int) -> CameraInfo:
    return CameraInfo(str(number), f"camera {number}", f"/dev/video{number}")


def test_the_first_cameras_that_are_seen_are_known():
    offers = CameraOffers()
    offers.see([camera(0)])
    assert offers.take() is None


def test_each_new_camera_is_offered_once():
    offers = CameraOffers()
    offers.know([])
    offers.see([camera(0), camera(1)])
    offers.see([camera(0), camera(1)])
    assert [offers.take(), offers.take(), offers.take()] == [camera(0), camera(1), None]
    offers.see([camera(0), camera(1)])
    assert offers.take() is None


def test_one_that_went_away_before_anybody_was_asked_is_not_offered():
    offers = CameraOffers()
    offers.know([])
    offers.see([camera(0)])
    offers.see([])
    assert offers.take() is None


def test_one_that_is_chosen_needs_no_offer():
    offers = CameraOffers()
    offers.know([])
    offers.see([camera(0)])
    offers.know([camera(0)])
    assert offers.take() is None
