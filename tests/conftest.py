"""What every test shares."""

import os

# Each process of the run takes its share of the cores, and so does each process that it starts. Without this every
# one of them takes all: then OpenMP's threads wait for each other, spinning, and a tenth of the time is work.
# Before anything imports numpy or torch, which read it once.
_processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
os.environ.setdefault("OMP_NUM_THREADS", str(max((os.cpu_count() or 1) // _processes, 1)))

from hypothesis import settings

settings.register_profile("bothhands", deadline=None)  # a busy machine is no failure
settings.load_profile("bothhands")
