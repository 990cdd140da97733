"""Jobs in worker processes of this machine.

A pool of the standard library breaks as a whole when one worker dies; here a job whose worker dies (killed for memory,
or crashed in a codec) is done once more by a new one, and the others go on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from multiprocessing import connection
from typing import Any

from app.archives.catalog import Job
from app.archives.job import Outcome, do_job
from app.archives.progress import Tally
from app.archives.sizing import ONE_THREAD, device_of, gpu_count, runs_on_gpu
from app.processing import ProcessOptions

ATTEMPTS = 2
"""How often a job is begun before it is held to be what kills its workers."""
_NEWS_SECONDS = 0.2


DoJob = Callable[[Job, ProcessOptions, Callable[[int, int | None], None]], Outcome]
"""What a worker does with a job; it is given a function to tell frames done and in all."""


def run_local(jobs: Sequence[Job], options: ProcessOptions, workers: int, tally: Tally, do: DoJob = do_job) -> None:
    """Do jobs in worker processes.

    Args:
        jobs: what to do.
        options: how.
        workers: processes at a time.
        tally: is told of frames and outcomes.
        do: the work itself, a function that other processes can import.
    """
    gpus = gpu_count() if runs_on_gpu(options.tracker) else 0
    waiting = deque(jobs)
    attempts: Counter[str] = Counter()
    pool: list[_Worker] = []
    try:
        for number in range(min(workers, len(jobs))):
            pool.append(_Worker(_with_device(options, device_of(number, options.tracker, gpus)), do))
        while True:
            for worker in pool:
                if worker.job is None and waiting:
                    worker.begin(waiting.popleft())
            busy = {worker.connection: worker for worker in pool if worker.job is not None}
            if not busy:
                return
            for ready in connection.wait(list(busy)):
                worker = busy[ready]  # type: ignore[index]  # only connections were given
                job = worker.job
                assert job is not None
                try:
                    news = worker.connection.recv()
                except (EOFError, OSError):
                    attempts[job.name] += 1
                    if attempts[job.name] < ATTEMPTS:
                        waiting.append(job)
                    else:
                        tally.finish(Outcome(job.name, "failed", reason=worker.obituary()))
                    worker.end()
                    pool.remove(worker)
                    if waiting:
                        pool.append(_Worker(worker.options, do))
                    continue
                if isinstance(news, Outcome):
                    worker.job = None
                    tally.finish(news)
                else:
                    tally.advance(job.name, *news)
    finally:
        for worker in pool:
            worker.end()


def _with_device(options: ProcessOptions, device: str) -> ProcessOptions:
    return replace(options, tracker=replace(options.tracker, device=device))


class _Worker:
    """A process that does one job after the other."""

    def __init__(self, options: ProcessOptions, do: DoJob) -> None:
        # Not forked: OpenVINO and torch have threads, which a fork would not have.
        context = multiprocessing.get_context("spawn")
        self.options = options
        self.job: Job | None = None
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, options, do), daemon=True)
        with _environment(ONE_THREAD):
            self.process.start()
        theirs.close()  # so that the end of the process is the end of the connection

    def begin(self, job: Job) -> None:
        self.job = job
        with contextlib.suppress(OSError):  # it died while it was idle, which `recv` tells
            self.connection.send(job)

    def end(self) -> None:
        self.process.terminate()
        self.process.join()
        self.connection.close()

    def obituary(self) -> str:
        self.process.join()
        code = self.process.exitcode or 0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        hint = " (is there too little memory? take fewer --workers)" if code == -signal.SIGKILL else ""
        return f"Its worker process {how}, {ATTEMPTS} times{hint}."


def _work(pipe: Any, options: ProcessOptions, do: DoJob) -> None:
    """What a worker process does, until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends its workers
    told = 0.0

    def progress(done: int, total: int | None) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _NEWS_SECONDS:
            told = now
            pipe.send((done, total))

    with contextlib.suppress(EOFError, OSError):
        while True:
            job = pipe.recv()
            pipe.send(do(job, options, progress))


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """These variables for the processes that are started meanwhile: libraries read them when they are loaded."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
