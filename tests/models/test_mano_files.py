"""Official MANO files may not be in a repository: these are files of their make, with the free model's arrays."""

import os
import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import torch
from numpy.testing._private.utils import runstring

from models.errors import BothhandsError
from models.hand_model import asset, load_hand_models
from models.mano_files import SHAPES, load_mano_pickle


class Ch:
    """An array as chumpy keeps it."""

    def __init__(self, **state):
        self.__dict__.update(state)


class Select(Ch):
    """Chosen entries of another chumpy array."""


@pytest.fixture
def chumpy(monkeypatch):
    """Modules under chumpy's names, there while files are written."""
    for name, kind in (("chumpy.ch", Ch), ("chumpy.reordering", Select)):
        module = types.ModuleType(name)
        monkeypatch.setattr(kind, "__module__", name)
        setattr(module, kind.__name__, kind)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(sys.modules, "chumpy", types.ModuleType("chumpy"))


def free_arrays(side="right"):
    with np.load(asset("hand_model") / f"free_{side}.npz") as arrays:
        return {key: arrays[key] for key in SHAPES}


def mano_content(side="right") -> dict[str, Any]:
    """The arrays in the containers of the official files."""
    content: dict[str, Any] = dict(free_arrays(side))
    shapes = content["shapedirs"].astype(np.float64)
    # As in MANO's: the ten first directions chosen out of more.
    wide = np.concatenate([shapes, np.ones((778, 3, 5))], axis=2)
    indices = np.arange(wide.size).reshape(wide.shape)[:, :, :10].ravel()
    content["shapedirs"] = Select(a=Ch(x=wide), idxs=indices, preferred_shape=(778, 3, 10))
    content["v_template"] = Ch(x=content["v_template"].astype(np.float64))
    content["J_regressor"] = scipy.sparse.csc_matrix(content["J_regressor"])
    content["bs_style"] = "lbs"
    content["hands_coeffs"] = np.zeros((3, 45))
    return content


def written(path, content, protocol=2):
    with path.open("wb") as file:
        pickle.dump(content, file, protocol=protocol)
    return path


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_reads_what_chumpy_and_scipy_hold(tmp_path, chumpy, monkeypatch, protocol):
    path = written(tmp_path / "MANO_RIGHT.pkl", mano_content(), protocol)
    for name in ("chumpy", "chumpy.ch", "chumpy.reordering"):
        monkeypatch.delitem(sys.modules, name)
    arrays = load_mano_pickle(path)
    assert set(arrays) == set(SHAPES)
    for key, expected in free_arrays().items():
        if key != "kintree_table":
            np.testing.assert_array_equal(arrays[key], expected)
    assert "chumpy" not in sys.modules


def test_reads_names_of_other_versions_of_numpy_and_scipy(tmp_path):
    path = written(
        tmp_path / "MANO_RIGHT.pkl",
        free_arrays() | {"J_regressor": scipy.sparse.csr_matrix(free_arrays()["J_regressor"])},
        0,
    )
    renamed = (
        path.read_bytes()
        .replace(b"numpy.core.multiarray", b"numpy._core.multiarray")
        .replace(b"scipy.sparse._csr", b"scipy.sparse.csr")
    )
    path.write_bytes(renamed)
    np.testing.assert_array_equal(load_mano_pickle(path)["J_regressor"], free_arrays()["J_regressor"])


def test_a_folder_gives_both_hands_with_the_left_shapes_mirrored(tmp_path, chumpy):
    written(tmp_path / "MANO_RIGHT.pkl", mano_content("right"))
    left = mano_content("left")
    left["shapedirs"].a.x[:, 0] *= -1.0  # as the official left file has it: the right hand's x
    written(tmp_path / "MANO_LEFT.pkl", left)
    models, free = load_hand_models(tmp_path), load_hand_models()
    for side, model in models.items():
        assert model.name == "mano"
        assert model.side == side
        torch.testing.assert_close(model.shape_dirs, free[side].shape_dirs)


def test_left_shapes_that_are_mirrored_already_stay(tmp_path, chumpy):
    for side in ("right", "left"):
        written(tmp_path / f"MANO_{side.upper()}.pkl", mano_content(side))
    models, free = load_hand_models(tmp_path), load_hand_models()
    torch.testing.assert_close(models["left"].shape_dirs, free["left"].shape_dirs)


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def malicious(tmp_path):
    trap = tmp_path / "trap"
    command = f"touch {trap}"
    return {
        "os.system": Calls(os.system, command),
        "eval": Calls(eval, f"open({str(trap)!r}, 'w')"),
        "exec": Calls(exec, f"open({str(trap)!r}, 'w')"),
        "getattr": Calls(getattr, np.ndarray, "tofile"),
        "numpy.load": Calls(np.load, str(trap)),
        "numpy.memmap": Calls(np.memmap, str(trap), "uint8", "w+", 0, (1,)),
        "numpy.savetxt": Calls(np.savetxt, str(trap), [1.0]),
        "numpy.testing": Calls(runstring, command, {}),
        "scipy.sparse.save_npz": Calls(scipy.sparse.save_npz, str(trap), scipy.sparse.eye(2).tocsc()),
        "pickle.loads": Calls(pickle.loads, b"cos\nsystem\n(S'true'\ntR."),
    }


@pytest.mark.parametrize("kind", malicious(Path("nowhere")))
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_refuses_to_run_anything(tmp_path, kind, protocol):
    path = written(tmp_path / "MANO_RIGHT.pkl", {"bs_style": malicious(tmp_path)[kind]}, protocol)
    with pytest.raises(BothhandsError, match=r"MANO_RIGHT\.pkl was refused"):
        load_mano_pickle(path)
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize(
    "stream",
    [
        b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x031+1\x85R.",  # STACK_GLOBAL
        b"\x80\x04\x8c\x05numpy\x8c\x0dndarray.dumps\x93.",  # dotted attribute of an allowed name
        b"\x80\x02ccopyreg\n_reconstructor\nccodecs\nopen\nc__builtin__\nobject\nN\x87R.",
        b"\x80\x02cchumpy.ch\nCh\ncposix\nsystem\n\x81.",
    ],
)
def test_refuses_hand_written_streams(tmp_path, stream):
    path = tmp_path / "MANO_LEFT.pkl"
    path.write_bytes(stream)
    with pytest.raises(BothhandsError, match=r"MANO_LEFT\.pkl was refused"):
        load_mano_pickle(path)


def test_stand_ins_are_made_without_arguments_and_only_they_are(tmp_path):
    path = tmp_path / "MANO_LEFT.pkl"
    for stream in (
        b"\x80\x02ccopy_reg\n_reconstructor\ncnumpy\nndarray\nc__builtin__\nobject\nN\x87R.",
        b"\x80\x02c_codecs\nencode\nX\x04\x00\x00\x00evilX\x05\x00\x00\x00rot13\x86R.",
        b"\x80\x02cchumpy.ch\nCh\nK\x05\x85\x81.",
    ):
        path.write_bytes(stream)
        with pytest.raises(BothhandsError, match=r"MANO_LEFT\.pkl is damaged"):
            load_mano_pickle(path)


def test_one_file_cannot_change_how_the_next_is_read(tmp_path, chumpy):
    # A state of two parts makes pickle set attributes on whatever was named, here on the stand-in's class.
    path = tmp_path / "MANO_RIGHT.pkl"
    path.write_bytes(b"\x80\x02cchumpy.ch\nCh\n}(X\x0c\x00\x00\x00__setstate__NuN\x86b.")
    with pytest.raises(BothhandsError):
        load_mano_pickle(path)
    path.write_bytes(b"\x80\x02cchumpy.ch\nCh\nN}(X\x0c\x00\x00\x00__setstate__Nu\x86b.")
    with pytest.raises(BothhandsError):
        load_mano_pickle(path)
    written(path, mano_content())
    np.testing.assert_array_equal(load_mano_pickle(path)["v_template"], free_arrays()["v_template"])


def test_truncated_files_are_named(tmp_path, chumpy):
    whole = written(tmp_path / "whole.pkl", mano_content()).read_bytes()
    path = tmp_path / "MANO_RIGHT.pkl"
    for length in (0, 1, 2, 50, len(whole) // 3, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(BothhandsError, match=r"MANO_RIGHT\.pkl is damaged"):
            load_mano_pickle(path)


@pytest.mark.parametrize("content", [b"not a pickle at all", b"\x00" * 64, b"PK\x03\x04", b"\x80\x02K\x05."])
def test_other_files_are_named(tmp_path, content):
    path = tmp_path / "MANO_RIGHT.pkl"
    path.write_bytes(content)
    with pytest.raises(BothhandsError, match=r"MANO_RIGHT\.pkl"):
        load_mano_pickle(path)


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(BothhandsError, match=r"no hand model .*MANO_LEFT\.pkl"):
        load_hand_models(tmp_path)
    with pytest.raises(BothhandsError, match=r"tmp.* cannot be read|damaged"):
        load_mano_pickle(tmp_path)


def changed(key, value):
    return free_arrays() | {key: value}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({key: value for key, value in free_arrays().items() if key != "posedirs"}, "posedirs"),
        (changed("v_template", np.zeros((6890, 3))), r"v_template.*\(6890, 3\)"),
        (changed("shapedirs", np.zeros((778, 3, 16))), r"shapedirs.*\(778, 3, 16\)"),
        (changed("weights", "none"), "weights"),
        (changed("weights", np.full((778, 16), None)), "weights"),
        (changed("hands_mean", np.full(45, np.nan)), "hands_mean"),
        (changed("J_regressor", [[1.0], [1.0, 2.0]]), "J_regressor"),
        (changed("f", np.full((1538, 3), 778)), "faces"),
        (changed("kintree_table", np.zeros((2, 16), dtype=int)), "joints"),
    ],
)
def test_other_contents_are_told(tmp_path, content, told):
    path = written(tmp_path / "MANO_RIGHT.pkl", content)
    with pytest.raises(BothhandsError, match=rf"MANO_RIGHT\.pkl.*{told}"):
        load_mano_pickle(path)


@pytest.mark.parametrize("kind", [scipy.sparse.csc_matrix, scipy.sparse.csr_matrix])
def test_sparse_matrices_are_read_as_scipy_does(tmp_path, kind):
    numbers = np.random.default_rng(0)
    rows, columns = numbers.integers(0, 16, 500), numbers.integers(0, 778, 500)
    matrix = kind(scipy.sparse.coo_matrix((numbers.normal(size=500), (rows, columns)), shape=(16, 778)))
    assert matrix.nnz < 500  # some stand in one place
    read = load_mano_pickle(written(tmp_path / "MANO_RIGHT.pkl", changed("J_regressor", matrix)))
    np.testing.assert_allclose(read["J_regressor"], matrix.toarray(), atol=1e-6)


@pytest.mark.parametrize(
    ("part", "spoil"),
    [
        ("indices", lambda part: -1 - part),
        ("indices", lambda part: part.astype(float)),
        ("indices", lambda part: part[:-1]),
        ("indptr", lambda part: part[::-1].copy()),
        ("indptr", lambda part: part + 1),
        ("indptr", lambda part: part[:-1]),
        ("indptr", lambda part: part[:1]),
        ("indptr", lambda part: part * 2),
        ("data", lambda part: part[:3]),
        ("data", lambda part: part[:, None]),
        ("_shape", lambda part: (part[0], part[1], 1)),
        ("_shape", lambda part: part[:1]),
    ],
)
@pytest.mark.parametrize("kind", [scipy.sparse.csc_matrix, scipy.sparse.csr_matrix])
def test_a_sparse_matrix_whose_parts_do_not_fit_is_damage(tmp_path, kind, part, spoil):
    matrix = kind(free_arrays()["J_regressor"])
    vars(matrix)[part] = spoil(vars(matrix)[part])
    with pytest.raises(BothhandsError, match=r"MANO_RIGHT\.pkl is damaged: 'J_regressor'"):
        load_mano_pickle(written(tmp_path / "MANO_RIGHT.pkl", changed("J_regressor", matrix)))


def test_a_sparse_matrix_that_points_outside_itself_is_damage(tmp_path):
    matrix = scipy.sparse.csc_matrix(free_arrays()["J_regressor"])
    matrix.indices[0] = 1 << 20
    path = written(tmp_path / "MANO_RIGHT.pkl", changed("J_regressor", matrix))
    with pytest.raises(BothhandsError, match=r"MANO_RIGHT\.pkl is damaged: 'J_regressor'"):
        load_mano_pickle(path)
