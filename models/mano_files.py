"""Official MANO files, read without chumpy and without trusting them.

MANO_LEFT.pkl and MANO_RIGHT.pkl are Python 2 pickles that hold numpy arrays, one scipy sparse matrix and `chumpy`
objects. A pickle can name any function and have it called, so this reader knows the few names such files need and
refuses every other (https://docs.python.org/3/library/pickle.html#restricting-globals). None of these names is the real
one: numpy, scipy and chumpy are stood in for by plain holders of what the file says, and arrays are made of those only
for what a hand model has, of plain numbers, and of as many bytes as there are.

Conventions: `hands_mean` is the mean finger pose of MANO's scans. Layers with `flat_hand_mean=False` add it to the
pose they are given (InterHand2.6M's annotations expect that, facebookresearch/InterHand2.6M#96); this project never
does: its poses are absolute, zero is the flat template.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import BothhandsError
from models.sentences import say

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
_LARGEST_FILE = 64 << 20
"""Bytes; the official files have less than four million."""
_MOST_NUMBERS = 10_000_000
_DEEPEST = 6
"""Arrays within arrays: chumpy's choices of choices."""

_SOURCE = say("download MANO_LEFT.pkl and MANO_RIGHT.pkl anew from https://mano.is.tue.mpg.de")


def load_mano_pickle(path: Path) -> dict[str, np.ndarray]:
    """The arrays of one official MANO file, dense, by MANO's keys.

    Returns:
        The arrays of `SHAPES`: float64, `f` and `kintree_table` int64.

    Raises:
        BothhandsError: the file is missing, damaged, not a hand model, or asks for code to be run (nothing is).
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
        content = _load(data)
    except _RefusedError as error:
        raise BothhandsError(
            say(
                "{path} was refused before anything in it ran: it asks for {asked}, which no hand model "
                "needs; {source}.",
                path=path,
                asked=str(error),
                source=_SOURCE,
            )
        ) from error
    except FileNotFoundError as error:
        raise BothhandsError(say("There is no hand model {path}; {source}.", path=path, source=_SOURCE)) from error
    except OSError as error:
        raise BothhandsError(
            say("The hand model {path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error
    except _DAMAGED as error:
        raise BothhandsError(
            say("{path} is damaged or not a MANO file; {source}.", path=path, source=_SOURCE)
        ) from error
    if not isinstance(content, dict):
        raise BothhandsError(
            say("{path} is not a MANO file: it holds no table of arrays; {source}.", path=path, source=_SOURCE)
        )
    return _checked(content, path)


class _RefusedError(Exception):
    """A pickle asked for a name that is not on the list; the text is that name."""


_DAMAGED = (
    *(pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(ImportError, MemoryError, OverflowError, RecursionError, SystemError),
)
"""What `pickle` raises over bytes that are no pickle, or half of one (its documentation lists them as examples)."""


def _load(data: bytes) -> Any:
    """What a pickle holds, in stand-ins.

    Raises:
        _RefusedError: it asks for a name that is not on the list.
        One of `_DAMAGED`: it cannot be read.
    """
    if len(data) > _LARGEST_FILE:
        raise ValueError("larger than any hand model")
    # A memo is as long as its highest number, whose memory is asked for at once; an honest one counts from 0.
    for code, number, _ in pickletools.genops(data):
        if code.name in ("PUT", "BINPUT", "LONG_BINPUT") and isinstance(number, int) and number > len(data):
            raise ValueError("a memo of more entries than the file has bytes")
    return _Unpickler(io.BytesIO(data), encoding="latin1").load()


class _StandIn:
    """Made without arguments in the place of an object of a class that is not loaded."""


class _Attributes(_StandIn):
    """Whatever state the object had, as attributes."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


class _Chumpy(_Attributes):
    """chumpy's `Ch` (an array `x`) or `Select` (entries `idxs` of `a`, reshaped)."""


class _Csc(_Attributes):
    """scipy's `csc_matrix`."""


class _Csr(_Attributes):
    """scipy's `csr_matrix`."""


class _Dtype(_StandIn):
    """numpy's `dtype`: kind and size, and the order of bytes."""

    def __init__(self, kind: str) -> None:
        self._kind, self._order = kind, "|"

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._order = state[1]

    def plain(self) -> np.dtype:
        """Of whole numbers, floating point or truth.

        Raises:
            ValueError, TypeError: it is of anything else.
        """
        if not re.fullmatch(r"[iuf][1248]|b1", self._kind) or self._order not in ("<", ">", "|", "="):
            raise ValueError("not an array of numbers")
        return np.dtype(self._order + self._kind)


class _Array(_StandIn):
    """numpy's `ndarray`: shape, kind of numbers, whether columns come first, and the bytes."""

    def __init__(self) -> None:
        self._state: tuple[Any, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        *_, shape, dtype, by_columns, content = state
        self._state = (shape, dtype, by_columns, content)

    def numbers(self) -> np.ndarray:
        """The array.

        Raises:
            ValueError, TypeError, AttributeError: it holds anything but plain numbers, or not as many as it says.
        """
        shape, dtype, by_columns, content = self._state
        if not isinstance(dtype, _Dtype):
            raise TypeError("an array without a kind of numbers")
        # Python 2's bytes are text in the eyes of Python 3.
        raw = content.encode("latin1") if isinstance(content, str) else content
        flat = np.frombuffer(raw, dtype.plain()) if len(raw) else np.zeros(0, dtype.plain())
        if len(flat) != _count(shape):
            raise ValueError("an array of another length than its shape says")
        return flat.reshape(shape, order="F" if by_columns else "C").copy()


def _count(shape: Any) -> int:
    """Numbers in an array of a shape.

    Raises:
        ValueError, TypeError: it is none, or that of an array beyond all hand models.
    """
    if not isinstance(shape, tuple) or any(not isinstance(length, int) or length < 0 for length in shape):
        raise ValueError("not a shape")
    count = math.prod(shape)
    if count > _MOST_NUMBERS:
        raise ValueError("more numbers than a hand model has")
    return count


def _new_object(kind: type, base: type, state: None) -> object:
    """`copyreg._reconstructor` for stand-ins only: how protocols 0 and 1 make objects."""
    if not (isinstance(kind, type) and issubclass(kind, _Attributes) and base is object and state is None):
        raise pickle.UnpicklingError("not an object that a hand model holds")
    return kind()


def _new_array(kind: type, _shape: object, _typecode: object) -> _Array:
    """`numpy.core.multiarray._reconstruct`: an empty array, whose state follows."""
    if not (isinstance(kind, type) and issubclass(kind, _Array)):
        raise pickle.UnpicklingError("not an array")
    return kind()


def _array_of_buffer(content: bytes, dtype: _Dtype, shape: tuple[int, ...], order: str) -> _Array:
    """`numpy.core.numeric._frombuffer`: how protocol 5 writes arrays."""
    array = _Array()
    array.__setstate__((shape, dtype, order == "F", content))
    return array


def _new_scalar(dtype: _Dtype, content: bytes) -> _Array:
    """`numpy.core.multiarray.scalar`: a number of numpy's."""
    return _array_of_buffer(content, dtype, (), "C")


def _new_dtype(kind: str, _align: object = False, _copy: object = False) -> _Dtype:
    return _Dtype(kind)


def _latin1_bytes(text: str, encoding: str) -> bytes:
    """`_codecs.encode` for latin1 only: how Python 3 writes bytes in protocol 2."""
    if encoding not in ("latin1", "latin-1"):
        raise pickle.UnpicklingError("not an encoding that a hand model uses")
    return text.encode("latin1")


_FUNCTIONS: dict[tuple[str, str], Callable[..., Any]] = {
    # Python 2's names and Python 3's.
    **{(module, "_reconstructor"): _new_object for module in ("copy_reg", "copyreg")},
    ("_codecs", "encode"): _latin1_bytes,
    ("numpy", "dtype"): _new_dtype,
    # numpy 2 moved these to numpy._core.
    **{
        (f"numpy.{core}.{module}", name): function
        for core in ("core", "_core")
        for module, name, function in (
            ("multiarray", "_reconstruct", _new_array),
            ("multiarray", "scalar", _new_scalar),
            ("numeric", "_frombuffer", _array_of_buffer),
        )
    },
}
_CLASSES: dict[tuple[str, str], type[_StandIn]] = {
    ("numpy", "ndarray"): _Array,
    # scipy 1.8 moved its classes to private modules; files come from either side.
    **{("scipy.sparse." + module, "csc_matrix"): _Csc for module in ("csc", "_csc")},
    **{("scipy.sparse." + module, "csr_matrix"): _Csr for module in ("csr", "_csr")},
}
"""With `_FUNCTIONS`: every name a file may ask for, and what it gets."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        name = (module_name, global_name)
        if name in (("__builtin__", "object"), ("builtins", "object")):
            return object
        # A function or class of its own for each request: a file can set attributes on those it names.
        if (function := _FUNCTIONS.get(name)) is not None:
            return lambda *arguments: function(*arguments)
        kind = _CLASSES.get(name)
        if kind is None and module_name.split(".")[0] == "chumpy":
            kind = _Chumpy
        if kind is None:
            raise _RefusedError(f"{module_name}.{global_name}")
        return type(global_name, (kind,), {})


def _dense(value: object, depth: int = 0) -> np.ndarray:
    """The array that a stand-in holds.

    Raises:
        ValueError, TypeError, AttributeError, KeyError, IndexError: it holds none.
    """
    if depth > _DEEPEST:
        raise ValueError("arrays within arrays beyond any hand model's")
    if isinstance(value, _Array):
        return value.numbers()
    if isinstance(value, _Chumpy):
        state = vars(value)
        if "x" in state:
            return _dense(state["x"], depth + 1)
        chosen = _dense(state["a"], depth + 1).ravel()[_dense(state["idxs"], depth + 1)]
        return chosen.reshape(_shape(state.get("preferred_shape", chosen.shape)))
    if isinstance(value, (_Csc, _Csr)):
        state = vars(value)
        # Older scipy keeps the shape without the underscore's namesake property; both spellings occur.
        shape = _shape(state.get("_shape", state.get("shape")))
        data, indices, starts = (_dense(state[name], depth + 1) for name in ("data", "indices", "indptr"))
        if isinstance(value, _Csc):
            return _of_compressed_rows(data, indices, starts, shape[::-1]).T
        return _of_compressed_rows(data, indices, starts, shape)
    raise TypeError("not an array")


def _of_compressed_rows(
    data: np.ndarray, indices: np.ndarray, starts: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    """A matrix from the entries of its rows, one row's after the other's; what stands in one place twice is added.

    Args:
        data: (N,) entries; more of them may follow, which belong to no row.
        indices: their columns.
        starts: (rows + 1,) where each row begins, and the end.
        shape: rows and columns.

    Raises:
        ValueError: these are not the parts of such a matrix.
    """
    rows, columns = shape
    if any(part.ndim != 1 for part in (data, indices, starts)) or {indices.dtype.kind, starts.dtype.kind} - set("iu"):
        raise ValueError("a sparse matrix is made of lists of numbers")
    indices, starts = indices.astype(np.int64), starts.astype(np.int64)
    count = int(starts[-1]) if len(starts) == rows + 1 else -1
    if starts[0] != 0 or (np.diff(starts) < 0).any() or not 0 <= count <= len(data) or len(data) != len(indices):
        raise ValueError("the rows of a sparse matrix overlap or lack entries")
    if ((indices[:count] < 0) | (indices[:count] >= columns)).any():
        raise ValueError("a sparse matrix has entries beyond its columns")
    matrix = np.zeros((rows, columns), data.dtype)
    np.add.at(matrix, (np.repeat(np.arange(rows), np.diff(starts)), indices[:count]), data[:count])
    return matrix


def _shape(value: Any) -> tuple[int, ...]:
    """A shape that chumpy or scipy keeps: its lengths may be numpy's numbers."""
    shape = tuple(int(_dense(length)) if isinstance(length, _Array) else length for length in value)
    _count(shape)
    return shape


def _checked(content: dict[Any, Any], path: Path) -> dict[str, np.ndarray]:
    """The arrays of `SHAPES`.

    Raises:
        BothhandsError: one is missing, of another shape, or holds what a hand cannot have.
    """
    arrays: dict[str, np.ndarray] = {}
    for key, shape in SHAPES.items():
        if key not in content:
            raise BothhandsError(
                say("{path} is not a MANO hand: it lacks {key!r}; {source}.", path=path, key=key, source=_SOURCE)
            )
        try:
            array = _dense(content[key])
        except _DAMAGED as error:
            raise BothhandsError(
                say("{path} is damaged: {key!r} is not an array; {source}.", path=path, key=key, source=_SOURCE)
            ) from error
        if array.shape != shape or array.dtype.kind not in "fiu":
            raise BothhandsError(
                say(
                    "{path} is not a MANO hand: {key!r} is {dtype} {shape}, not numbers {wanted}; {source}.",
                    path=path,
                    key=key,
                    dtype=array.dtype,
                    shape=array.shape,
                    wanted=shape,
                    source=_SOURCE,
                )
            )
        if not np.isfinite(array).all():
            raise BothhandsError(
                say(
                    "{path} is damaged: {key!r} holds values that are not numbers; {source}.",
                    path=path,
                    key=key,
                    source=_SOURCE,
                )
            )
        arrays[key] = array.astype(np.int64 if key in ("f", "kintree_table") else np.float64)
    faces, parents = arrays["f"], arrays["kintree_table"][0, 1:]
    if faces.min() < 0 or faces.max() >= 778 or tuple(parents.tolist()) != PARENTS[1:]:
        raise BothhandsError(
            say(
                "{path} is not a MANO hand: its faces or its joints are joined otherwise; {source}.",
                path=path,
                source=_SOURCE,
            )
        )
    return arrays
