"""Official MANO files, read without chumpy and without trusting them.

MANO_LEFT.pkl and MANO_RIGHT.pkl are Python 2 pickles that hold numpy arrays, one scipy sparse matrix and `chumpy`
objects. A pickle can name any function and have it called, so this reader knows the few names such files need and
refuses every other (https://docs.python.org/3/library/pickle.html#restricting-globals); even scipy and chumpy are
stood in for by plain holders of attributes.

Conventions: `hands_mean` is the mean finger pose of MANO's scans. Layers with `flat_hand_mean=False` add it to the
pose they are given (InterHand2.6M's annotations expect that, facebookresearch/InterHand2.6M#96); this project never
does: its poses are absolute, zero is the flat template.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.core import multiarray, numeric
from scipy.sparse import csc_matrix, csr_matrix

from models.errors import BothhandsError

PARENTS = (-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14)
"""Parent of each of MANO's joints: wrist, then index, middle, little, ring, thumb from base to tip."""
SHAPES = {
    "v_template": (778, 3),
    "f": (1538, 3),
    "shapedirs": (778, 3, 10),
    "posedirs": (778, 3, 135),
    "J_regressor": (16, 778),
    "weights": (778, 16),
    "kintree_table": (2, 16),
    "hands_mean": (45,),
    "hands_components": (45, 45),
}
"""What a hand model holds, by MANO's keys."""

_SOURCE = "download MANO_LEFT.pkl and MANO_RIGHT.pkl anew from https://mano.is.tue.mpg.de"


def load_mano_pickle(path: Path) -> dict[str, np.ndarray]:
    """The arrays of one official MANO file, dense, by MANO's keys.

    Returns:
        The arrays of `SHAPES`: float64, `f` and `kintree_table` int64.

    Raises:
        BothhandsError: the file is missing, damaged, not a hand model, or asks for code to be run (nothing is).
    """
    try:
        with path.open("rb") as file:
            content = _Unpickler(file).load()
    except _RefusedError as error:
        raise BothhandsError(
            f"{path} was refused before anything in it ran: it asks for {error}, which no hand model needs; {_SOURCE}."
        ) from error
    except FileNotFoundError as error:
        raise BothhandsError(f"There is no hand model {path}; {_SOURCE}.") from error
    except OSError as error:
        raise BothhandsError(f"The hand model {path} cannot be read: {error.strerror or error}.") from error
    except _DAMAGED as error:
        raise BothhandsError(f"{path} is damaged or not a MANO file; {_SOURCE}.") from error
    if not isinstance(content, dict):
        raise BothhandsError(f"{path} is not a MANO file: it holds no table of arrays; {_SOURCE}.")
    return _checked(content, path)


class _RefusedError(Exception):
    """A pickle asked for a name that is not on the list; the text is that name."""


_DAMAGED = (
    *(pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(ImportError, MemoryError, OverflowError, RecursionError, SystemError),
)
"""What `pickle` raises over bytes that are no pickle, or half of one (its documentation lists them as examples)."""


class _Attributes:
    """Stands in for an object of a class that is not loaded: whatever state it had, as attributes."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


class _Chumpy(_Attributes):
    """chumpy's `Ch` (an array `x`) or `Select` (entries `idxs` of `a`, reshaped)."""


class _Csc(_Attributes):
    """scipy's `csc_matrix`."""


class _Csr(_Attributes):
    """scipy's `csr_matrix`."""


def _new_object(kind: type, base: type, state: None) -> object:
    """`copyreg._reconstructor` for stand-ins only: how protocols 0 and 1 make objects."""
    if not (isinstance(kind, type) and issubclass(kind, _Attributes) and base is object and state is None):
        raise pickle.UnpicklingError("not an object that a hand model holds")
    return kind()


def _latin1_bytes(text: str, encoding: str) -> bytes:
    """`_codecs.encode` for latin1 only: how Python 3 writes bytes in protocol 2."""
    if encoding not in ("latin1", "latin-1"):
        raise pickle.UnpicklingError("not an encoding that a hand model uses")
    return text.encode("latin1")


_ALLOWED = {
    # Python 2's names and Python 3's.
    **{(module, "_reconstructor"): _new_object for module in ("copy_reg", "copyreg")},
    **{(module, "object"): object for module in ("__builtin__", "builtins")},
    ("_codecs", "encode"): _latin1_bytes,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    # numpy 2 moved these to numpy._core, scipy 1.8 its classes to private modules; files come from either side.
    **{
        (f"numpy.{core}.{module.__name__.rsplit('.')[-1]}", name): getattr(module, name)
        for core in ("core", "_core")
        for module, name in ((multiarray, "_reconstruct"), (multiarray, "scalar"), (numeric, "_frombuffer"))
    },
    **{("scipy.sparse." + module, "csc_matrix"): _Csc for module in ("csc", "_csc")},
    **{("scipy.sparse." + module, "csr_matrix"): _Csr for module in ("csr", "_csr")},
}
"""Every name a file may ask for, and what it gets."""


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, encoding="latin1")

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        found = _ALLOWED.get((module_name, global_name))
        if found is None and module_name.split(".")[0] == "chumpy":
            found = _Chumpy
        if found is None:
            raise _RefusedError(f"{module_name}.{global_name}")
        if isinstance(found, type) and issubclass(found, _Attributes):
            # A class of its own for each request: a file can set attributes on the classes it names.
            return type(global_name, (found,), {})
        return found


def _dense(value: object) -> np.ndarray:
    """The array that a stand-in, or anything array-like, holds.

    Raises:
        ValueError, TypeError, AttributeError, RecursionError: it holds none.
    """
    if isinstance(value, _Chumpy):
        state = vars(value)
        if "x" in state:
            return _dense(state["x"])
        chosen = _dense(state["a"]).ravel()[_dense(state["idxs"])]
        return chosen.reshape(state.get("preferred_shape", chosen.shape))
    if isinstance(value, (_Csc, _Csr)):
        state = vars(value)
        kind = csc_matrix if isinstance(value, _Csc) else csr_matrix
        # Older scipy keeps the shape without the underscore's namesake property; both spellings occur.
        shape = state.get("_shape", state.get("shape"))
        matrix = kind((state["data"], state["indices"], state["indptr"]), shape=shape)
        matrix.check_format(full_check=True)
        return matrix.toarray()
    return np.asarray(value)


def _checked(content: dict[Any, Any], path: Path) -> dict[str, np.ndarray]:
    """The arrays of `SHAPES`.

    Raises:
        BothhandsError: one is missing, of another shape, or holds what a hand cannot have.
    """
    arrays: dict[str, np.ndarray] = {}
    for key, shape in SHAPES.items():
        if key not in content:
            raise BothhandsError(f"{path} is not a MANO hand: it lacks {key!r}; {_SOURCE}.")
        try:
            array = _dense(content[key])
        except _DAMAGED as error:
            raise BothhandsError(f"{path} is damaged: {key!r} is not an array; {_SOURCE}.") from error
        if array.shape != shape or array.dtype.kind not in "fiu":
            raise BothhandsError(
                f"{path} is not a MANO hand: {key!r} is {array.dtype} {array.shape}, not numbers {shape}; {_SOURCE}."
            )
        if not np.isfinite(array).all():
            raise BothhandsError(f"{path} is damaged: {key!r} holds values that are not numbers; {_SOURCE}.")
        arrays[key] = array.astype(np.int64 if key in ("f", "kintree_table") else np.float64)
    faces, parents = arrays["f"], arrays["kintree_table"][0, 1:]
    if faces.min() < 0 or faces.max() >= 778 or tuple(parents.tolist()) != PARENTS[1:]:
        raise BothhandsError(f"{path} is not a MANO hand: its faces or its joints are joined otherwise; {_SOURCE}.")
    return arrays
