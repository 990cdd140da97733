"""Rotations that are composed, turned back and interpolated: batches of unit quaternions, in numpy.

The names are those of scipy's `Rotation`, of which this is the part that the program needs: the base does without
scipy, which is three times as large as all of Bothhands. Tests hold the two together. `models.rotations` has vectors
and matrices alone, without the quaternions between them.
"""

from __future__ import annotations

import numpy as np

# In arrays as small as two hands' joints numpy's time is the number of calls: products are one matrix each.
_FACTORS = np.array([[3, 2, 1, 0], [2, 3, 0, 1], [1, 0, 3, 2], [0, 1, 2, 3]])
_SIGNS = np.array([[1.0, -1.0, 1.0, 1.0], [1.0, 1.0, -1.0, 1.0], [-1.0, 1.0, 1.0, 1.0], [-1.0, -1.0, -1.0, 1.0]])
"""The matrix by which a quaternion multiplies another from the left: which of its numbers, and their signs."""
_MATRIX_ENTRIES = np.zeros((4, 4, 3, 3))
"""A rotation matrix is linear in the products of its quaternion's numbers: entries by both numbers."""
for _one, _two, _three in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
    _MATRIX_ENTRIES[[_one, _two, _three, 3], [_one, _two, _three, 3], _one, _one] = [1.0, -1.0, -1.0, 1.0]
    _MATRIX_ENTRIES[_one, _two, [_one, _two], [_two, _one]] = 2.0
    _MATRIX_ENTRIES[_three, 3, [_one, _two], [_two, _one]] = [-2.0, 2.0]
_MATRIX_ENTRIES = _MATRIX_ENTRIES.reshape(16, 9)
_TURN_BACK = np.array([-1.0, -1.0, -1.0, 1.0])


class Rotations:
    """Rotations of any batch shape; two that are composed are broadcast against each other.

    Args:
        quaternions: (..., 4) x, y, z, w of any length but zero; q and -q are the same rotation.

    Raises:
        ValueError: a quaternion is zero.
    """

    __slots__ = ("_quaternions",)

    def __init__(self, quaternions: np.ndarray) -> None:
        lengths = np.sqrt(np.einsum("...i,...i->...", quaternions, quaternions))[..., None]
        if not lengths.all():
            raise ValueError("a quaternion of length zero is no rotation")
        self._quaternions = quaternions / lengths

    @classmethod
    def from_quat(cls, quaternions: object) -> Rotations:
        """Of quaternions (..., 4), x, y, z, w; see the class."""
        return cls(np.asarray(quaternions, np.float64))

    @classmethod
    def from_rotvec(cls, vectors: object) -> Rotations:
        """Of rotation vectors (..., 3), axis times angle, radians."""
        vectors = np.asarray(vectors, np.float64)
        angles = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
        quaternions = np.empty((*vectors.shape[:-1], 4))
        scale = np.divide(np.sin(0.5 * angles), angles, out=np.full_like(angles, 0.5), where=angles > 0.0)
        np.multiply(vectors, scale[..., None], out=quaternions[..., :3])
        quaternions[..., 3] = np.cos(0.5 * angles)
        return cls._of_unit(quaternions)

    @classmethod
    def _of_unit(cls, quaternions: np.ndarray) -> Rotations:
        """Of quaternions (..., 4) that have the length of one and belong to nobody else."""
        rotations = cls.__new__(cls)
        rotations._quaternions = quaternions
        return rotations

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the batch."""
        return self._quaternions.shape[:-1]

    def __len__(self) -> int:
        return len(self._quaternions)

    def __getitem__(self, index: int | slice | np.ndarray) -> Rotations:
        if not self.shape:
            raise TypeError("a single rotation has no parts")
        return self._of_unit(self._quaternions[index])

    def as_quat(self) -> np.ndarray:
        """Unit quaternions (..., 4), x, y, z, w, of either sign; an array of the caller's own."""
        return self._quaternions.copy()

    def as_rotvec(self) -> np.ndarray:
        """Rotation vectors (..., 3), radians, the short way round: at most half a turn."""
        imaginary, real = self._quaternions[..., :3], self._quaternions[..., 3]
        sine = np.sqrt(np.einsum("...i,...i->...", imaginary, imaginary))
        half = np.arctan2(sine, np.abs(real))
        scale = np.divide(2.0 * half, sine, out=np.full_like(sine, 2.0), where=sine > 0.0)
        return imaginary * np.where(real < 0.0, -scale, scale)[..., None]

    def as_matrix(self) -> np.ndarray:
        """Rotation matrices (..., 3, 3)."""
        squares = self._quaternions[..., :, None] * self._quaternions[..., None, :]
        return (squares.reshape(*self.shape, 16) @ _MATRIX_ENTRIES).reshape(*self.shape, 3, 3)

    def inv(self) -> Rotations:
        """The rotations that turn these back."""
        return self._of_unit(self._quaternions * _TURN_BACK)

    def __mul__(self, first: Rotations) -> Rotations:
        """`a * b` turns by `b` first, then by `a`, as with matrices."""
        matrices = self._quaternions[..., _FACTORS] * _SIGNS
        product = (matrices @ first._quaternions[..., None])[..., 0]
        return Rotations(product)  # made of length one again, as a filter multiplies onto its own result for hours

    def towards(self, goal: Rotations, share: np.ndarray | float) -> Rotations:
        """A share of the way on the shortest arc to other rotations (spherical linear interpolation).

        Args:
            goal: of the same batch shape.
            share: 0 stays here, 1 is there; broadcast against the batch.
        """
        return self * Rotations.from_rotvec(np.asarray(share)[..., None] * (self.inv() * goal).as_rotvec())

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Points (..., 3), turned."""
        return np.einsum("...ij,...j->...i", self.as_matrix(), points)


def interpolate(times: np.ndarray, rotations: Rotations, at: np.ndarray) -> Rotations:
    """Rotations on the shortest arcs between those before and after; see `Rotations.towards`.

    Args:
        times: (N,) rising, at least two.
        rotations: (N, ...) at these times.
        at: (T,) between the first and the last of them.

    Returns:
        (T, ...).
    """
    before, shares = rows_around(times, at)
    return rotations[before].towards(rotations[before + 1], shares.reshape(-1, *[1] * (len(rotations.shape) - 1)))


def rows_around(times: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Between which rows some times lie.

    Args:
        times: (N,) rising, at least two.
        at: (T,); those outside belong to the first or the last two rows.

    Returns:
        (T,) the rows before, of which the next ones come after, and (T,) what share of the way each time lies.
    """
    before = np.clip(np.searchsorted(times, at, "right") - 1, 0, len(times) - 2)
    return before, (at - times[before]) / (times[before + 1] - times[before])
