"""Jobs on a Ray cluster: the same function over the same files, on many machines.

Ray runs a task again where its worker or node is lost. Nodes see the archive and the folder of sessions under the same
paths, and have Bothhands in the same place (docs/archives.md).
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from typing import Any

from app.archives.catalog import Job
from app.archives.job import Outcome, do_job
from app.archives.progress import Tally
from app.archives.sizing import ONE_THREAD, WORKERS_PER_GPU, runs_on_gpu
from app.processing import ProcessOptions
from models.errors import BothhandsError
from models.extras import extra_for
from models.places import import_root

RETRIES = 3
_PATIENCE_SECONDS = 10.0
_AHEAD = 2
"""Tasks handed to Ray for each of its cores: enough that no core waits, and no more for an archive of any size."""


def run_on_ray(jobs: Sequence[Job], options: ProcessOptions, address: str, tally: Tally) -> int:
    """Do jobs on a cluster that runs already.

    Args:
        jobs: what to do.
        options: how.
        address: of the cluster, as `ray.init` takes it ("HOST:6379", "auto", "ray://HOST:10001").
        tally: is told of outcomes.

    Returns:
        The cluster's cores.

    Raises:
        BothhandsError: Ray is not installed, or there is no such cluster.
    """
    ray = _connect(address)
    try:
        cores = int(ray.cluster_resources().get("CPU", 1))
        share = 1 / WORKERS_PER_GPU if runs_on_gpu(options.tracker) and ray.cluster_resources().get("GPU") else 0
        task = ray.remote(num_cpus=1, num_gpus=share, max_retries=RETRIES)(do_job)
        waiting = iter(jobs)
        running: dict[Any, Job] = {}
        while True:
            for job in waiting:
                running[task.remote(job, options)] = job
                if len(running) >= _AHEAD * cores:
                    break
            if not running:
                return cores
            ready, _ = ray.wait(list(running), num_returns=1)
            for reference in ready:
                tally.finish(_outcome(ray, reference, running.pop(reference)))
    finally:
        ray.shutdown()


def _outcome(ray: Any, reference: Any, job: Job) -> Outcome:
    try:
        return ray.get(reference)
    except ray.exceptions.RayError as error:
        first = str(error).strip().splitlines()[0]
        return Outcome(job.name, "failed", reason=f"The cluster lost its worker {RETRIES + 1} times ({first}).")


def _connect(address: str) -> Any:
    # A program that looks at people sends nothing anywhere; Ray asks this before it is loaded.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with extra_for("--ray", "ray"):
        import ray
    environment = {**ONE_THREAD, "PYTHONPATH": str(import_root())}
    try:
        _knock(address)
        ray.init(
            address=address, runtime_env={"env_vars": environment}, log_to_driver=False, logging_level=logging.ERROR
        )
    except (OSError, RuntimeError, ValueError) as error:  # ConnectionError and TimeoutError are OSErrors
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise BothhandsError(
            f"There is no Ray cluster at {address} ({reason}); start one with `ray start --head`."
        ) from error
    return ray


def _knock(address: str) -> None:
    """Find out whether somebody listens, which takes Ray itself many minutes.

    Raises:
        OSError: nobody does.
    """
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_SECONDS).close()
