"""The learnt weights as a file: small whole numbers, a scale for each class."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from records.learned import Classes, Learned

KEPT = Path(__file__).parent / "learning" / "weights.npz"
_STEPS = 127


@cache
def kept() -> Learned:
    """The weights that belong to this version. Raises ``OSError`` when the file is not there."""
    return read(KEPT)


def write(learned: Learned, path: Path, made_of: str) -> None:
    """Write the file; the same weights give the same bytes. ``made_of``: the sum of its sources."""
    parts: dict[str, NDArray[np.generic]] = {
        "made_of": np.frombuffer(made_of.encode(), dtype=np.uint8),
        "grams": np.frombuffer("\n".join(learned.place).encode(), dtype=np.uint8),
        "rarity": learned.rarity.astype(np.float16),
    }
    for name, classes in (("demand", learned.demand), ("trade", learned.trade)):
        scale = np.abs(classes.weights).max(axis=0) / _STEPS
        parts |= {
            f"{name}_names": np.frombuffer("\n".join(classes.names).encode(), dtype=np.uint8),
            f"{name}_weights": np.rint(classes.weights / scale).astype(np.int8),
            f"{name}_scale": scale.astype(np.float32),
            f"{name}_bias": classes.bias,
            f"{name}_sharpness": np.array([classes.sharpness], dtype=np.float32),
        }
    np.savez_compressed(path, allow_pickle=False, **parts)


def made_of(path: Path) -> str:
    """The sum of the sources that the file was made of."""
    with np.load(path, allow_pickle=False) as parts:
        return bytes(parts["made_of"]).decode()


def read(path: Path) -> Learned:
    """Read such a file."""
    with np.load(path, allow_pickle=False) as parts:

        def words(name: str) -> list[str]:
            return bytes(parts[name]).decode().split("\n")

        def classes(name: str) -> Classes:
            return Classes(
                names=tuple(words(f"{name}_names")),
                weights=parts[f"{name}_weights"].astype(np.float32) * parts[f"{name}_scale"],
                bias=parts[f"{name}_bias"],
                sharpness=float(parts[f"{name}_sharpness"][0]),
            )

        place = {gram: at for at, gram in enumerate(words("grams"))}
        rarity = parts["rarity"].astype(np.float32)
        return Learned(place, rarity, classes("demand"), classes("trade"))
