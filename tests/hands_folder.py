"""A small folder of labelled images of the free hand model, as flat shapes on a plain ground."""

import json
from pathlib import Path

import cv2
import numpy as np

from models.hand_model import load_hand_models
from models.values import SIDES, HandParameters, Intrinsics

CAMERA = Intrinsics.from_fov(160, 120, 60.0)


def write_hands_folder(folder: Path, count: int, held_out: int = 2) -> Path:
    """Pictures 0 to count - 1 are for training, the rest held out; every third shows both hands."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    models = load_hand_models()
    pictures = {}
    for number in range(count + held_out):
        image = np.full((CAMERA.height, CAMERA.width, 3), random.uniform(20, 120, 3), np.uint8)
        hands = {}
        for side in SIDES if number % 3 == 0 else [SIDES[number % 2]]:
            pose = 0.2 * random.normal(size=(16, 3))
            place = np.array([0.07 if side == "left" else -0.07, 0.0, random.uniform(0.5, 0.6)])
            parameters = HandParameters(*(part.astype(np.float32) for part in (pose, random.normal(size=10), place)))
            vertices, joints = models[side].mesh(parameters)
            hull = cv2.convexHull(np.rint(CAMERA.project(vertices)).astype(np.int32))
            cv2.fillConvexPoly(image, hull, (200, 150, 130))
            hands[side] = {
                "joints_px": CAMERA.project(joints).tolist(),
                "parameters": {
                    "pose": parameters.pose.ravel().tolist(),
                    "shape": parameters.shape.tolist(),
                    "translation": parameters.translation.tolist(),
                },
            }
        cv2.imwrite(str(folder / f"{number:03d}.png"), image)
        camera = {key: getattr(CAMERA, key) for key in ("fx", "fy", "cx", "cy")}
        split = "train" if number < count else "held-out"
        pictures[f"{number:03d}.png"] = {"split": split, "presence_known": True, "camera": camera, "hands": hands}
    (folder / "labels.json").write_text(json.dumps({"source": "test", "licence": "CC0", "pictures": pictures}))
    return folder
