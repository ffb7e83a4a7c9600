"""What is thrown away as invented, and what is kept as said."""

import pytest

from records.engine.guard import (
    collapse,
    is_baseless,
    is_foreign,
    is_invented,
    is_loop,
    is_stuck,
)

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


def test_letters_are_said_faster_than_characters() -> None:
    """An English sentence of seventy letters takes five seconds."""
    english = "Hello, I want to make a complaint about my landlord. There has been no water."
    assert not is_loop(english, 4)
    assert is_loop(english, 1)


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


@pytest.mark.parametrize(
    "text",
    [
        "第1、第1、第1、第1、第1、第1、第1、第1、第1、第1、第1、第1、第1、第",
        "民主创作者、创作者、创作者、创作者、创作者、创作者、创作者、创作者、创作者、创作",
        "法律政策则是居住证，法律政策则是居住证，法律政策则是居住证。",
        "我去了第1家医院，我去了第2家医院，我去了第3家医院，我去了第4家医院",
        "1111111111111111111111111111111111111111",
    ],
)
def test_what_a_decoder_wrote_when_it_was_stuck_is_told(text: str) -> None:
    """Recorded from a base model on drums and cut-up speech; a number may change at each turn."""
    assert is_stuck(text)


@pytest.mark.parametrize(
    "text",
    [
        "喂喂喂，你好你好，听得见吗，听得见吗",
        "不是松山区，是红山区，红山区钢铁街，钢铁街你知道吗，就在钢铁街",
        "我的身份证是一五零四零四一九九零零一零一一二三四，电话一三八四七六五二三一九",
        "三块三，三块五，三块三，三块五",
        "",
    ],
)
def test_people_who_repeat_themselves_are_not_stuck(text: str) -> None:
    """They say a thing again and go on; figures are alike without being a circle."""
    assert not is_stuck(text)


def test_a_long_text_that_packs_too_well_is_stuck() -> None:
    """A circle of many words has many different runs, and still says nothing new."""
    circle = "从昨天晚上开始停水物业说不知道原因打自来水公司电话也没有人接到现在都没来"
    assert not is_stuck(circle)
    assert not is_stuck(circle * 2)
    assert is_stuck(circle * 3)


def test_a_loop_with_other_marks_at_each_turn_is_collapsed() -> None:
    """A decoder puts a comma here and a full stop there."""
    assert collapse("家里停水。停水，停水！停水，停水了") == "家里停水了"


@pytest.mark.parametrize(
    "text",
    [
        "我的作曲被人抄袭了，想咨询怎么维权",
        "字幕上的电话打不通",
        "作词家协会的电话是多少",
        "我要投诉一个公众号，它叫优优独播剧场，收了我会员费不给退款",
    ],
)
def test_somebodys_words_about_a_film_are_not_its_subtitles(text: str) -> None:
    """A subtitle stands alone: in a sentence the model is sure of, it was said."""
    assert not is_invented(text, 0.8, 0.05, PRIMED)


def test_a_subtitle_in_a_doubtful_text_takes_it_along() -> None:
    """Where the model doubts the rest too, nobody said any of it."""
    text = "今天的节目就到这里了，请不吝点赞"
    assert is_invented(text, 0.4, 0.1, PRIMED)
    assert is_invented(text, 0.8, 0.4, PRIMED)
    assert not is_invented(text, 0.8, 0.1, PRIMED)


def test_the_prompts_first_clause_is_said_by_no_caller() -> None:
    """With a word changed and the rest cut off it still is what the model was told."""
    assert is_invented("当时是普通话的句子，12345政务服", 0.7, 0.1, PRIMED)


def test_a_second_hearing_must_be_surer_than_a_first() -> None:
    """The first went round in circles: what comes of the second is half invented."""
    assert not is_invented("对于手机的一些写信", 0.4, 0.1, PRIMED)
    assert is_invented("对于手机的一些写信", 0.4, 0.1, PRIMED, is_again=True)
    assert not is_invented("我要投诉停水", 0.6, 0.1, PRIMED, is_again=True)


def test_a_text_for_which_only_the_hotwords_speak_is_baseless() -> None:
    """Without them the model would not have written it; where it cannot tell, it is believed."""
    assert is_baseless([0.02, 0.1, 0.05])
    assert not is_baseless([0.02, 0.9, 0.8])
    assert not is_baseless([])


@pytest.mark.parametrize(
    ("text", "confidence", "silence", "chinese", "is_one"),
    [
        ("我去了那个地方", 0.4, 0.2, 0.1, True),
        ("我去了那个地方", 0.4, 0.2, 0.9, False),  # a dialect, or a bad line
        ("我去了那个地方", 0.7, 0.2, 0.1, False),  # it understood the words
        ("我去了那个地方", 0.4, 0.8, 0.1, False),  # nobody spoke
        ("I want to make a complaint", 0.4, 0.1, 1.0, True),
        ("I want to make a complaint", 0.8, 0.1, 1.0, False),  # those are the words
        ("I want to make a complaint", 0.4, 0.9, 1.0, False),
        ("我家的WiFi和ETC都办不了", 0.4, 0.1, 1.0, False),
        ("Подъезд не убирают", 0.4, 0.1, 1.0, True),
    ],
)
def test_another_language_is_told_from_bad_mandarin(
    text: str, confidence: float, silence: float, chinese: float, is_one: bool
) -> None:
    """By its script, or by the model that hears another language and doubts its words."""
    assert is_foreign(text, confidence, silence, chinese) is is_one
