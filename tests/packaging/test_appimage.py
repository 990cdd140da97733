"""The AppImage: a program that mounts the AppDir behind it, or unpacks it once, and starts `AppRun` from there."""

from __future__ import annotations

import fcntl
import filecmp
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.bundle import files, packing, runtime

HEADERS = ("squashfuse/ll.h", "fuse3/fuse_lowlevel.h", "zstd.h")
LACKING = [tool for tool in (runtime.COMPILER, "mksquashfs") if shutil.which(tool) is None]
LACKING += [header for header in HEADERS if not Path("/usr/include", header).is_file()]
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="AppImages are of Linux"),
    pytest.mark.skipif(
        bool(LACKING),
        reason=f"not installed: {', '.join(LACKING)}; wants gcc squashfs-tools {' '.join(runtime.PACKAGES)}",
    ),
]
needs_fuse = pytest.mark.skipif(not os.access("/dev/fuse", os.R_OK | os.W_OK), reason="FUSE cannot be used here")
APP_RUN = """\
#!/bin/sh
printf '%s\\n' "$APPDIR" "$APPIMAGE" "$OWD" "$0" "$@"
[ "${1-}" != wait ] || read -r line
[ "${1-}" != fails ] || exit 7
"""


def make_appdir(folder: Path) -> Path:
    folder.mkdir()
    files.write(folder, "1.2.3")
    (folder / "AppRun").write_text(APP_RUN)
    (folder / "usr" / "big").write_bytes(os.urandom(300_000) + bytes(300_000))
    (folder / "usr" / "empty").touch()
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An AppImage, in a folder whose name has a space, beside the AppDir that is in it."""
    folder = tmp_path_factory.mktemp("made of parts")
    make_appdir(folder / "A.AppDir")
    packing.appimage(folder / "A.AppDir", folder / "the program.AppImage", "1.2.3")
    return folder / "the program.AppImage"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A new home with a runtime folder; what is mounted below it is unmounted in the end."""
    (tmp_path / "runtime").mkdir()
    yield tmp_path
    for place in mounts(tmp_path):
        subprocess.run(["umount", "--lazy", place], check=False)


def mounts(folder: Path) -> list[str]:
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(str(folder))]


def environment(home: Path, **variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "runtime"), **variables}


def start(program: Path, *arguments: str, env: dict[str, str], cwd: Path | None = None):
    command = [program, *arguments]
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)


def without_fuse(home: Path) -> dict[str, str]:
    """Nothing can be mounted below a file."""
    (home / "file").touch()
    return environment(home, XDG_RUNTIME_DIR=str(home / "file"))


def until_unmounted(home: Path) -> None:
    """Whoever unmounts holds the lock alone until it is done, and waits for it as this does."""
    (lock,) = (home / "runtime" / "bothhands").glob("*.lock")
    for _ in range(100_000):
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not mounts(home):  # asked while nobody else has it, who might be about to
                return
        os.sched_yield()
    raise AssertionError(f"still mounted: {mounts(home)}")


def servers(program: Path) -> list[int]:
    """Processes of the runtime itself, which serve what is mounted or watch over it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "exe").resolve() == program.resolve():
                found.append(int(process.name))
        except OSError:  # it has ended
            continue
    return found


def test_it_is_an_elf_program_of_type_2_with_a_squashfs_where_its_sections_end(made: Path, home: Path):
    content = made.read_bytes()
    assert (content[:4], content[8:11]) == (b"\x7fELF", b"AI\x02")
    offset = int(start(made, "--appimage-offset", env=environment(home)).stdout)
    assert content[offset : offset + 4] == b"hsqs"
    told = start(made, "--appimage-version", env=environment(home)).stdout
    assert re.fullmatch(r"bothhands 1\.2\.3-[0-9a-f]{12}\n", told)


@pytest.mark.parametrize("epoch", [None, "1700000000"])
def test_the_same_folder_gives_the_same_file(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str | None
):
    if epoch is not None:  # as a release has it
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    packing.appimage(made.parent / "A.AppDir", tmp_path / "again.AppImage", "1.2.3")
    assert (tmp_path / "again.AppImage").read_bytes() == made.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.AppImage"]


@needs_fuse
def test_it_starts_what_it_mounts_with_the_variables_of_the_specification(made: Path, home: Path):
    done = start(made, "process", "a b", env=environment(home), cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    folder, *further = done.stdout.splitlines()
    assert re.fullmatch(rf"{home}/runtime/bothhands/mounted-1\.2\.3-[0-9a-f]{{12}}", folder)
    assert further == [str(made), str(home), f"{folder}/AppRun", "process", "a b"]
    until_unmounted(home)
    assert not Path(folder).exists()
    again = start(made, "fails", env=environment(home))
    # At the same place: compiled code is found by the path of its source.
    assert (again.returncode, again.stdout.splitlines()[0]) == (7, folder)
    assert not (home / ".cache").exists()


@needs_fuse
def test_two_that_run_at_once_share_what_is_mounted_until_the_last_ends(made: Path, home: Path):
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen([made, "wait"], env=environment(home), stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for _ in range(2)
    ]
    folders = set()
    for program in both:
        assert program.stdout
        folders.add(program.stdout.readline().strip())
    assert [str(folder) for folder in folders] == mounts(home)
    both[0].communicate("end\n")
    assert filecmp.cmp(Path(*folders, "usr", "big"), made.parent / "A.AppDir" / "usr" / "big", shallow=False)
    assert {path.name for path in Path(*folders).iterdir()} == {
        path.name for path in (made.parent / "A.AppDir").iterdir()
    }
    both[1].communicate("end\n")
    assert [program.returncode for program in both] == [0, 0]
    until_unmounted(home)


@needs_fuse
def test_what_was_mounted_by_one_that_was_killed_is_mounted_anew(made: Path, home: Path):
    pipe = subprocess.PIPE
    first = subprocess.Popen([made, "wait"], env=environment(home), stdin=pipe, stdout=pipe, text=True)
    assert first.stdout
    folder = first.stdout.readline().strip()
    for process in servers(made):
        handle = os.pidfd_open(process)
        os.kill(process, signal.SIGKILL)
        select.select([handle], [], [])  # it has ended
        os.close(handle)
    again = start(made, env=environment(home))
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, folder), again.stderr
    first.communicate("end\n")
    until_unmounted(home)


@pytest.mark.parametrize("how", ["no FUSE", "option", "variable"])
def test_without_mounting_it_unpacks_itself_once(made: Path, home: Path, how: str):
    env = without_fuse(home) if how == "no FUSE" else environment(home)
    option = ["--appimage-extract-and-run"] if how == "option" else []
    env |= {"APPIMAGE_EXTRACT_AND_RUN": "1"} if how == "variable" else {}
    first = start(made, *option, "process", "a b", env=env, cwd=home)
    assert first.returncode == 0, first.stderr
    folder, *further = first.stdout.splitlines()
    assert re.fullmatch(rf"{home}/\.cache/bothhands/program-1\.2\.3-[0-9a-f]{{12}}", folder)
    assert further == [str(made), str(home), f"{folder}/AppRun", "process", "a b"]
    assert re.fullmatch(r"bothhands: unpacking into .*, once \.\.\.\n", first.stderr)
    again = start(made, *option, env=env)
    assert (again.returncode, again.stdout.splitlines()[0], again.stderr) == (0, folder, "")
    assert [path.name for path in (home / ".cache" / "bothhands").iterdir()] == [Path(folder).name]


def test_two_may_unpack_it_at_once(made: Path, home: Path):
    env = environment(home, APPIMAGE_EXTRACT_AND_RUN="1")
    both = [subprocess.Popen([made], env=env, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    folders = {program.communicate()[0].splitlines()[0] for program in both}
    assert {program.returncode for program in both} == {0}
    assert [str(path) for path in (home / ".cache" / "bothhands").iterdir()] == list(folders)


def test_two_versions_live_side_by_side(made: Path, home: Path):
    other = make_appdir(home / "B.AppDir")
    packing.appimage(other, home / "other.AppImage", "1.2.3")
    env = environment(home, APPIMAGE_EXTRACT_AND_RUN="1")
    folders = {start(program, env=env).stdout.splitlines()[0] for program in (made, home / "other.AppImage", made)}
    assert len(folders) == len(list((home / ".cache" / "bothhands").iterdir())) == 2


def test_it_unpacks_all_of_it_where_one_is(made: Path, home: Path):
    done = start(made, "--appimage-extract", env=environment(home), cwd=home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "squashfs-root\n", "")
    original, copy = made.parent / "A.AppDir", home / "squashfs-root"

    def described(root: Path) -> dict[str, tuple[int, object]]:
        return {
            str(path.relative_to(root)): (
                path.lstat().st_mode,
                path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes(),
            )
            for path in root.rglob("*")
        }

    assert described(copy) == described(original)


def test_a_file_that_was_cut_off_says_so_and_leaves_nothing(made: Path, home: Path):
    cut = home / "cut.AppImage"
    for size in (made.stat().st_size - 5000, 1_400_000):
        cut.write_bytes(made.read_bytes()[:size])
        cut.chmod(0o755)
        done = start(cut, env=environment(home))
        assert (done.returncode, done.stderr) == (2, f"bothhands: {cut} was cut off; get it anew.\n")
    assert not (home / ".cache").exists()


def test_a_damaged_file_says_so_and_leaves_nothing(made: Path, home: Path):
    content = bytearray(made.read_bytes())
    offset = int(start(made, "--appimage-offset", env=environment(home)).stdout)
    content[offset + 200_000 : offset + 210_000] = os.urandom(10_000)  # the first file's bytes, which were random
    content[-20_000:-200] = os.urandom(19_800)
    spoiled = home / "spoiled.AppImage"
    spoiled.write_bytes(content)
    spoiled.chmod(0o755)
    done = start(spoiled, "--appimage-extract-and-run", env=environment(home))
    assert done.returncode == 2
    assert re.search(r"bothhands: it cannot be unpacked into .*; set BOTHHANDS_UNPACKED", done.stderr)
    assert list((home / ".cache" / "bothhands").iterdir()) == []


def test_without_a_home_or_a_folder_to_write_it_says_what_helps(made: Path, home: Path):
    nothing = {"PATH": os.environ["PATH"]}
    done = start(made, env=nothing)
    assert done.returncode == 2
    assert re.fullmatch(r"bothhands: there is no home folder; set BOTHHANDS_UNPACKED to .*\n", done.stderr)
    done = start(made, env=without_fuse(home) | {"HOME": str(home / "file")})
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(
        f"bothhands: it cannot be unpacked into {home}/file/.cache/bothhands ("
    )
    assert done.stderr.endswith("; set BOTHHANDS_UNPACKED to a folder with room.\n")
    done = start(made, env=without_fuse(home) | {"BOTHHANDS_UNPACKED": str(home / "chosen")})
    assert done.stdout.startswith(f"{home}/chosen/bothhands/program-1.2.3-")


def test_it_tells_its_options_and_knows_no_others(made: Path, home: Path):
    told = start(made, "--appimage-help", env=environment(home))
    assert told.returncode == 0
    for name in re.findall(r'option, "([a-z-]+)"', (runtime.SOURCES / "runtime.c").read_text()):
        assert f"--appimage-{name}" in told.stdout or name == "help"
    done = start(made, "--appimage-nothing", env=environment(home))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--appimage-help lists them" in done.stderr


def test_nothing_of_the_system_is_needed_and_no_gpl_library_is_in_it(made: Path):
    content = made.read_bytes()
    (headers,) = struct.unpack_from("<Q", content, 0x20)
    size, number = struct.unpack_from("<HH", content, 0x36)
    kinds = {struct.unpack_from("<I", content, headers + size * index)[0] for index in range(number)}
    load, dynamic, interpreter = 1, 2, 3
    assert load in kinds
    assert not kinds & {dynamic, interpreter}
    assert b"LZO real-time data compression" not in content  # what LZO says of itself
