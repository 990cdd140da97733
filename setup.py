"""Only what pyproject.toml cannot say: the rooms of the house move into one package, see `tools/build_wheel`."""

import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.build_wheel import BuildPy

setup(cmdclass={"build_py": BuildPy})
