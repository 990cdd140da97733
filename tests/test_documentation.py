"""Documents that hold together: links lead somewhere, versions and models agree, the README stays short."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from app import __version__
from models.registry import list_models

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path):
    targets = [match[1] for match in LINK.finditer(document.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_page_is_in_the_navigation_of_the_site():
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")

    def pages(entry: object) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        entries = entry.values() if isinstance(entry, dict) else entry
        return [page for each in entries for page in pages(each)]

    listed = pages(yaml.safe_load(text)["nav"])
    assert sorted(listed) == sorted(path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md"))


def test_the_readme_is_one_page_with_both_commands_and_every_model():
    assert len(README.split()) <= 700
    assert re.findall(r"^make \w+", README, re.M) == ["make run", "make test"]
    table = re.findall(r"^\| `([a-z][\w-]*)`", README, re.M)
    assert sorted(table) == sorted(list_models())


def test_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "app.__version__"}
    assert {str(citation["version"]), released[0]} == {__version__}


def test_workflows_call_targets_that_there_are():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called: set[str] = set()
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            for step in job["steps"]:
                for command in re.findall(r"\bmake ([^\n]*)", step.get("run", "")):
                    called |= {word for word in command.split() if "=" not in word}
    assert {"lint", "types", "arrows", "test", "docs"} <= called
    assert {target for target in called if not re.search(rf"^{target}:", makefile, re.M)} == set()
