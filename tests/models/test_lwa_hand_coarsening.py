"""Coarsening: a partition into connected patches, a tree, the same at every run, on the shipped hand and on others."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from models.hand_model import load_hand_models
from models.lwa_hand import coarsening
from models.lwa_hand.coarsening import LEVELS, coarsen


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    return np.asarray(load_hand_models()["right"].faces)


def connected(faces: np.ndarray, vertices: np.ndarray) -> bool:
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    inside = np.isin(edges, vertices).all(axis=1)
    graph = coo_matrix((np.ones(inside.sum()), edges[inside].T), shape=(778, 778)).tocsr()
    return connected_components(graph[vertices][:, vertices], directed=False)[0] == 1


def test_levels_are_a_balanced_tree_of_patches(faces):
    patches = coarsen(faces).patches
    for level, size in enumerate(LEVELS):
        counts = np.bincount(patches >> (2 - level), minlength=size)
        assert len(counts) == size
        assert counts.min() >= 778 // size - 1
        assert counts.max() <= -(-778 // size) + 1
    whole = [connected(faces, np.flatnonzero(patches >> 2 == patch)) for patch in range(63)]
    assert np.mean(whole) > 0.9


def test_pooling_takes_means(faces):
    coarse = coarsen(faces)
    template = load_hand_models()["right"].template.numpy()
    for level in range(3):
        patch = np.flatnonzero(coarse.patches >> (2 - level) == 7)
        np.testing.assert_allclose(coarse.pooling[level][7] @ template, template[patch].mean(axis=0), atol=1e-6)


def test_propagation_is_the_normalised_adjacency(faces):
    """Its largest eigenvalue is 1, belonging to the root of the degrees, and it joins neighbours only."""
    for matrix in coarsen(faces).propagation:
        values, vectors = np.linalg.eigh(matrix.astype(np.float64))
        assert values[-1] == pytest.approx(1.0, abs=1e-6)
        assert values[-2] < 1.0 - 1e-4, "the graph falls apart"
        degrees = (matrix > 0).sum(axis=1)
        np.testing.assert_allclose(np.abs(vectors[:, -1]), np.sqrt(degrees / degrees.sum()), atol=1e-6)


def test_same_faces_same_levels_and_winding_does_not_matter(faces):
    first = coarsen(faces)
    coarsening._coarsen.cache_clear()
    again = coarsen(faces[::-1, ::-1])
    np.testing.assert_array_equal(first.patches, again.patches)
    np.testing.assert_array_equal(first.propagation[2], again.propagation[2])
    assert coarsen(faces) is again, "the second hand must come from the cache"


def test_other_vertex_numbers_give_as_good_levels(faces):
    """Official MANO files number their vertices otherwise."""
    order = np.random.default_rng(0).permutation(778)
    counts = np.bincount(coarsen(order[faces]).patches, minlength=252)
    assert counts.min() >= 2
    assert counts.max() <= 5


def test_the_shipped_hands_patches_are_recorded_as_they_are_cut(faces, monkeypatch):
    """Trained weights belong to them, and another processor or library of linear algebra may cut otherwise."""
    recorded = coarsen(faces)
    monkeypatch.setattr(coarsening, "RECORDED", "hand_model/none-such.npz")
    coarsening._coarsen.cache_clear()
    cut = coarsen(faces)
    coarsening._coarsen.cache_clear()
    # Some processors round the cut's eigenvectors otherwise, and a vertex on a border goes to the patch beside it.
    apart = np.abs(cut.patches - recorded.patches)
    assert apart.max() <= 1
    assert np.mean(apart > 0) < 0.1
    if not apart.any():
        for own, other in zip(
            (*cut.pooling, *cut.propagation), (*recorded.pooling, *recorded.propagation), strict=True
        ):
            np.testing.assert_array_equal(own, other)
