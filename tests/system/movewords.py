"""The sentence that a moved caller is told at each change, in the recording of what it heard.

Each of the two has a tone of its own here: whoever is put on hold is told one, whoever is sent to
somebody else, brain or none, the other.
"""

from pathlib import Path

import numpy as np

from tests.system.movescene import Scene
from tests.system.movestage import HOLDS, SENDS
from tests.system.movestories import Story
from tests.system.people import packets_with
from transfer.step import Kind

PAUSE = 5
"""Packets without the tone between one sentence and the next, at least."""
SAID = 3
"""Packets of a sentence, at least: it has fifteen, but is cut when somebody answers at once."""


def is_told_each_change(scene: Scene, story: Story) -> None:
    """Whenever the caller was taken from people to music, a sentence said so."""
    hertz = SENDS if story.kind in (Kind.BLIND, Kind.HAND_OVER) else HOLDS
    _, heard = scene.stage.city.recording(scene.call)
    said = times_said(heard, hertz)
    assert said >= story.changes, (scene.call, said, story.changes)


def times_said(path: Path, hertz: int) -> int:
    """How often a finished recording has a sentence in that tone."""
    places = packets_with(path, hertz)
    sentences = np.split(places, np.flatnonzero(np.diff(places) > PAUSE) + 1)
    return sum(len(sentence) >= SAID for sentence in sentences)
