"""The live bench's peer: stock faster-whisper on the same utterances, one after another."""

import time
from collections.abc import Sequence
from math import ceil

from bench.livefeed import Talking
from config.settings import Settings
from records.live.ear import MARGIN_S
from records.transcribe import for_engine


def stock_lags(talks: Sequence[Talking], block_s: float) -> tuple[list[float], float]:
    """Seconds from each utterance's end to its text, and the CPU seconds of all decoding.

    Utterances wait for the recorder's block as ours do, then for those before them.
    """
    from faster_whisper import WhisperModel

    directory = Settings().cache / "models" / "whisper-base"
    model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=1)
    first = min(talk.began_at for talk in talks)
    due = sorted(
        (
            (talk.began_at - first + ceil(spoken.known_s / block_s) * block_s, n, spoken)
            for talk in talks
            for n, spoken in enumerate(talk.utterances)
        ),
        key=lambda one: one[0],
    )
    began = {id(spoken): talk.began_at - first for talk in talks for spoken in talk.utterances}
    free_at, lags = 0.0, []
    cpu = time.process_time()
    for known_at, _, spoken in due:
        begun = time.perf_counter()
        segments, _ = model.transcribe(for_engine(spoken.pcm), beam_size=5, language="zh")
        list(segments)
        free_at = max(free_at, known_at) + time.perf_counter() - begun
        if not spoken.is_cut:
            lags.append(free_at - began[id(spoken)] - (spoken.end_s - MARGIN_S))
    return lags, time.process_time() - cpu
