"""What is thrown away as invented, and what is kept as said."""

import pytest

from records.engine.guard import collapse, is_invented, is_loop

PRIMED = ["以下是普通话的句子，12345政务服务便民热线。", "投诉", "红山区", "松山区", "停水"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("停水停水停水停水停水", True),
        ("我们这里停水了我们这里停水了我们这里停水了我们这里停水了", True),
        ("对对对，好好好", False),
        ("喂，喂，你好", False),
        ("一三八四七六五二三一九", False),
        ("电话八八八八八八八八", False),
    ],
)
def test_a_phrase_over_and_over_is_a_loop(text: str, is_one: bool) -> None:
    """Four times the same phrase; not a person's 对对对, nor a number."""
    assert is_one == is_loop(text, 10)


def test_more_than_a_person_can_say_is_a_loop() -> None:
    """No repeat is needed when the text is too long for its time."""
    assert is_loop("这句话里没有任何重复的东西但是在一秒钟之内谁也说不完它", 1)


def test_a_sentence_written_twice_was_said_twice_only_if_there_was_time() -> None:
    """A model may write a short utterance down twice; a person needs twice the time for it."""
    assert is_loop("暖气一点都不热。暖气一点都不热。", 1.9)
    assert not is_loop("暖气一点都不热。暖气一点都不热。", 3.5)
    assert not is_loop("暖气一点都不热。", 0.9)


def test_a_collapsed_loop_keeps_its_phrase_once() -> None:
    """What was said once stays."""
    assert collapse("我家停水了，停水，停水，停水，停水，") == "我家停水了，停水，"
    assert collapse("没有重复") == "没有重复"


@pytest.mark.parametrize(
    ("text", "confidence", "silence"),
    [
        ("", 0.9, 0.0),
        ("……", 0.9, 0.0),
        ("举报。", 0.09, 0.3),
        ("第1名。", 0.5, 0.8),
        ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", 0.8, 0.2),
        ("字幕by索兰娅", 0.7, 0.2),
        ("12345政务服务便民热线。", 0.8, 0.2),
        ("以下是普通话的句子", 0.8, 0.2),
        ("红山区，松山区，停水，投诉", 0.6, 0.3),
    ],
)
def test_what_models_make_up_is_thrown_away(text: str, confidence: float, silence: float) -> None:
    """Nothing, doubtful words over silence, subtitles, the prompt, hotwords in a row."""
    assert is_invented(text, confidence, silence, PRIMED)


@pytest.mark.parametrize(
    ("text", "confidence", "silence"),
    [
        ("喂", 0.5, 0.3),
        ("我要投诉红山区停水", 0.7, 0.1),
        ("谢谢", 0.6, 0.2),
        ("您好，赤峰市12345政务服务便民热线，请问有什么可以帮您", 0.7, 0.1),
        ("我在红山区，不是松山区，家里停水了", 0.6, 0.1),
    ],
)
def test_what_people_say_is_kept(text: str, confidence: float, silence: float) -> None:
    """Short words, hotwords in a sentence and the agent's greeting are speech."""
    assert not is_invented(text, confidence, silence, PRIMED)


def test_words_read_back_without_the_opening_sentence_are_invented() -> None:
    """Hotwords strung together are the engine's; the same in a sentence, or none told, are not."""
    assert is_invented("投诉红山区停水", 0.7, 0.1, PRIMED)
    assert not is_invented("投诉红山区停水", 0.7, 0.1, [])


def test_the_opening_sentence_misremembered_is_invented() -> None:
    """A character or two off, it is still what the model was told to expect."""
    assert is_invented("以下是普通话的句子12345政务便民热线", 0.9, 0.1, PRIMED)
