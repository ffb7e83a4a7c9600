"""Audio that people send."""

from pathlib import Path

import pytest
import soundfile
from pydub import AudioSegment

from records.upload import as_wav
from tests.records import sounds


def test_any_format_people_send_is_read(tmp_path: Path) -> None:
    """m4a goes through ffmpeg; wav is used as it is; a text is refused."""
    rx = sounds.write(tmp_path / "rx.wav", sounds.tone(1, 440))
    assert as_wav(rx, tmp_path) == rx
    m4a = tmp_path / "phone.m4a"
    AudioSegment.from_file(rx).export(m4a, format="ipod").close()
    assert soundfile.info(as_wav(m4a, tmp_path)).duration == pytest.approx(1.0, abs=0.1)
    text = tmp_path / "letter.txt"
    text.write_text("您好")
    with pytest.raises(ValueError, match="letter.txt"):
        as_wav(text, tmp_path)
