"""The same archive on a Ray cluster of two nodes, one of which is killed while it works."""

import threading
from pathlib import Path

import pytest

from app.archives.archive import process_archive
from app.processing import ProcessOptions
from tests.demo_cut import cut_demo
from tracking.config import TrackerConfig

pytestmark = pytest.mark.slow
VIDEOS = 4
FRAMES = 90


@pytest.fixture(scope="module")
def cluster():
    ray_utils = pytest.importorskip("ray.cluster_utils")
    made = ray_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    yield made
    made.shutdown()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    for number in range(VIDEOS):
        cut_demo(folder / f"{number}.mp4", 60 * number, FRAMES)
    return folder


def options(archive: Path, out: Path) -> ProcessOptions:
    return ProcessOptions(source=str(archive), tracker=TrackerConfig(model="landmark-fit"), overlay=False, out=out)


def journals(out: Path) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in out.rglob("hands.arrows")}


def test_a_cluster_that_loses_a_node_gives_what_one_machine_gives(cluster, archive, tmp_path):
    local, remote = tmp_path / "local", tmp_path / "remote"
    assert process_archive(options(archive, local), workers=1).complete

    nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    cluster.wait_for_nodes()
    over, killed = threading.Event(), threading.Event()

    def kill_one_when_both_work():
        while not over.wait(0.05):
            if len(list(remote.glob(".*.partial-*"))) >= 2:
                cluster.remove_node(nodes[1], allow_graceful=False)
                killed.set()
                return

    killer = threading.Thread(target=kill_one_when_both_work)
    killer.start()
    try:
        report = process_archive(options(archive, remote), ray=cluster.address)
    finally:
        over.set()
        killer.join()
    assert killed.is_set()
    assert [outcome.state for outcome in report.outcomes] == ["done"] * VIDEOS
    assert report.totals["frames"] == VIDEOS * FRAMES
    assert journals(remote) == journals(local)
    assert len(journals(remote)) == VIDEOS
    assert not list(remote.glob(".*"))

    again = process_archive(options(archive, remote), ray=cluster.address)
    assert [outcome.state for outcome in again.outcomes] == ["skipped"] * VIDEOS
