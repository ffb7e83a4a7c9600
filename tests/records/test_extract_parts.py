"""The rules of each field, one at a time."""

from datetime import datetime

import pytest

from config.profile import Place
from config.workdays import CHINA
from records.demand import demand_cues, demand_type
from records.draft import DemandType
from records.gist import gist, headline, sentences
from records.moment import find_moment
from records.pinyin import distance, find_sound, syllables
from records.urgency import find_urgency
from records.whereabouts import find_place

NOW = datetime(2026, 11, 20, 12, tzinfo=CHINA)  # a Friday
GAZETTEER = (
    Place(district="红山区", township="西屯街道"),
    Place(district="红山区", township="长青街道"),
    Place(district="松山区", township="穆家营子镇"),
    Place(district="元宝山区", township="平庄镇"),
    Place(district="阿鲁科尔沁旗", township="天山镇"),
    Place(district="巴林左旗", township="林东镇"),
    Place(district="巴林右旗", township="大板镇"),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我要投诉，暖气不热", "complaint"),
        ("我想咨询一下医保怎么报销", "consult"),
        ("我要举报有人偷排污水", "report"),
        ("我提个建议，路口加个红绿灯", "suggestion"),
        ("孩子走失了，能不能帮帮我", "help"),
        ("我要表扬一位公交司机，非常感谢他", "praise"),
        ("请问护照怎么办理", "consult"),
        ("我们向你们反映，楼下夜里施工，没人管", "complaint"),
        ("我要投素，物业不作为", "complaint"),
        ("我要几报，有人赌博", "report"),
        ("我想自询一下公积金", "consult"),
        ("今天天气不错", None),
        ("", None),
    ],
)
def test_what_the_caller_wants(text: str, wanted: DemandType | None) -> None:
    """Said outright, misheard, or only by its manner; nothing when nothing says so."""
    assert wanted == demand_type(demand_cues(text))


def test_a_declaration_outweighs_the_tone() -> None:
    """Who wants to ask, asks, however angry."""
    text = "我想咨询一下，我投诉了好几次都没人管，影响生活，怎么办理"
    assert demand_type(demand_cues(text)) == "consult"


@pytest.mark.parametrize(
    ("text", "region", "township"),
    [
        ("我在红山区", "红山区", None),
        ("我在洪山区", "红山区", None),
        ("松山区穆家营子镇", "松山区", "穆家营子镇"),
        ("木家阴子正有烧烤店", "松山区", "穆家营子镇"),
        ("我是平庄镇的", "元宝山区", "平庄镇"),
        ("家在元宝山", "元宝山区", None),
        ("阿旗天山镇", "阿鲁科尔沁旗", "天山镇"),
        ("左旗林东镇的", "巴林左旗", "林东镇"),
        ("红山区长青街的超市", "红山区", None),
        ("我在红山区，不是北京", "红山区", None),
        ("我昨天坐公交车", None, None),
    ],
)
def test_where_it_happened(text: str, region: str | None, township: str | None) -> None:
    """By name, by what people call it, by sound; a road that begins like a township is a road."""
    found = find_place(text, GAZETTEER)
    assert (region, township) == ((found.region, found.township) if found else (None, None))


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("红山区钢铁街天王国际小区三号楼停水", "钢铁街天王国际小区三号楼"),
        ("红山区昭乌达路和哈达街交叉口", "昭乌达路和哈达街交叉口"),
        ("红山区的居民", None),
        ("松山区买了房子，在街上", None),
    ],
)
def test_the_road_after_the_district(text: str, detail: str | None) -> None:
    """Roads, estates and houses that follow the district belong to the place."""
    found = find_place(text, GAZETTEER)
    assert found is not None
    assert found.detail == detail


def test_what_was_heard_better_wins_a_contradiction() -> None:
    """A township of another district: the exact word beats the likeness; else the district."""
    unlike = find_place("我在松三区，林东镇这边", GAZETTEER)
    assert unlike is not None
    assert (unlike.region, unlike.township) == ("巴林左旗", "林东镇")
    by_sound = find_place("我在宗山区，林东镇这边", GAZETTEER)
    assert by_sound is not None
    assert (by_sound.region, by_sound.township) == ("巴林左旗", "林东镇")
    both = find_place("我在松山区，老家林东镇", GAZETTEER)
    assert both is not None
    assert (both.region, both.township) == ("松山区", None)


def test_a_name_that_two_districts_share_is_not_guessed() -> None:
    """巴旗 could be either banner; a sound between two names is neither."""
    assert find_place("我在巴旗", GAZETTEER) is None


def test_a_road_without_a_district_is_a_place_without_a_region() -> None:
    """What the caller said is kept; the gazetteer adds nothing."""
    found = find_place("我家住富河园小区三号楼", GAZETTEER)
    assert found is not None
    assert (found.region, found.detail) == (None, "富河园小区三号楼")


def test_the_stretch_found_is_what_was_said() -> None:
    """Evidence quotes the text, not the gazetteer."""
    text = "您好，我在洪山区钢铁街，停水了"
    found = find_place(text, GAZETTEER)
    assert found is not None
    assert text[found.start : found.end] == "洪山区钢铁街"
    assert "读音" in found.why


@pytest.mark.parametrize(
    ("text", "said", "since"),
    [
        ("昨天晚上开始停水", "昨天晚上", datetime(2026, 11, 19, 18, tzinfo=CHINA)),
        ("今天下午两点停电", "今天下午两点", datetime(2026, 11, 20, 14, tzinfo=CHINA)),
        ("昨天上午10点半去的", "昨天上午10点半", datetime(2026, 11, 19, 10, 30, tzinfo=CHINA)),
        ("上周三看的牙", "上周三", datetime(2026, 11, 11, tzinfo=CHINA)),
        ("六月二十号辞职", "六月二十号", datetime(2026, 6, 20, tzinfo=CHINA)),
        ("去年十二月一号", "去年十二月一号", datetime(2025, 12, 1, tzinfo=CHINA)),
        (
            "二零二三年十二月三十一号交房",
            "二零二三年十二月三十一号",
            datetime(2023, 12, 31, tzinfo=CHINA),
        ),
        ("电梯坏了半个月了", "半个月了", None),
        ("每天晚上九点到凌晨三点", "每天晚上九点到凌晨三点", None),
        ("二月三十号", "二月三十号", None),
    ],
)
def test_when_it_happened(text: str, said: str, since: datetime | None) -> None:
    """As spoken, and as a time where the calendar knows one; a day that is none has no time."""
    found = find_moment(text, NOW)
    assert found is not None
    assert (found.text, found.since) == (said, since)
    assert text[found.start : found.end] == said
    assert (found.until is None) == (since is None)


@pytest.mark.parametrize(
    "text", ["八一路五四大街", "三号楼二单元", "我父亲今年七十八岁", "一百块钱", ""]
)
def test_streets_houses_and_ages_are_no_times(text: str) -> None:
    """八一路 is no date."""
    assert find_moment(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("楼上着火了", "urgent"),
        ("燃气泄漏了快来", "urgent"),
        ("路口井盖不见了", "within_1h"),
        ("小区停水了", "same_day"),
        ("公积金怎么提取", None),
    ],
)
def test_danger_is_heard(text: str, urgency: str | None) -> None:
    """What supply failed, what is dangerous, how soon; nothing when nothing is."""
    found = find_urgency(text)
    assert urgency == (found.urgency if found else None)


def test_the_gravest_word_counts() -> None:
    """A fire outweighs the water that is off."""
    text = "停水了，还着火了"
    found = find_urgency(text)
    assert found is not None
    assert (found.urgency, text[found.start : found.end]) == ("urgent", "着火了")


@pytest.mark.parametrize("text", ["消防通道锁了，真要着火了怎么办", "万一砸到人", "怕电线掉下来"])
def test_what_is_only_feared_has_not_happened(text: str) -> None:
    """万一着火了 sends no fire engine."""
    assert find_urgency(text) is None


def test_greetings_and_thanks_are_no_content() -> None:
    """What is left says something, without the greeting in front."""
    told = sentences("喂，你好。您好，我家停水了。嗯。谢谢你们。再见！")
    assert [sentence.text for sentence in told] == ["我家停水了。"]


def test_a_summary_is_short_and_in_order() -> None:
    """At most about ninety characters of whole sentences, in the order they were said."""
    told = sentences(
        "。".join(f"第{n}件事是楼道里没有灯，物业不管，影响出行" for n in "一二三四五六七八")
    )
    chosen = gist(told, "", "")
    assert 1 <= sum(len(s.text) for s in chosen) <= 90
    assert sorted(chosen, key=lambda s: s.start) == chosen


def test_a_headline_names_the_matter_not_the_hope() -> None:
    """The clause with the trade's word wins over希望尽快解决, and carries no number."""
    told = sentences("希望你们能够尽快帮我解决一下。我家这边停水了，打13847652319找我")
    assert headline(told, "红山区", "投诉", ["停水"]) == "红山区我家这边停水了（投诉）"


def test_a_headline_prefers_the_matter_that_names_its_place() -> None:
    """What broke, there; not whom the caller rang about it."""
    told = sentences("红山区钢铁街从昨天开始停水，打自来水公司电话也没人接")
    found = headline(told, "红山区钢铁街", "投诉", ["自来水", "停水"])
    assert found == "红山区钢铁街从昨天开始停水（投诉）"


def test_a_place_amid_the_words_stays_there() -> None:
    """Cut out of the middle it would leave a sentence nobody said."""
    told = sentences("我的快递在红山区钢铁街丢了")
    assert headline(told, "红山区钢铁街", "求助", ["快递"]) == "我的快递在红山区钢铁街丢了（求助）"


def test_syllables_stand_one_for_each_character() -> None:
    """Also with digits, letters and marks between."""
    assert syllables("在A座3号，银行") == ("zai", "A", "zuo", "3", "hao", "，", "yin", "hang")


def test_near_sounds_are_nearer_than_far_ones() -> None:
    """The same, -n for -ng, half the syllable, nothing in common."""
    steps = [
        distance(*pair)
        for pair in [("shan", "shan"), ("shan", "sang"), ("shan", "shi"), ("shan", "ke")]
    ]
    assert sorted(set(steps)) == steps


def test_a_word_is_found_where_it_sounds_best() -> None:
    """The nearest sound wins, not the first."""
    found = find_sound("松山区", "宗闪区和松山区", 1.0)
    assert found is not None
    assert (found.start, found.cost) == (4, 0.0)
    assert find_sound("松山区", "北京市", 0.5) is None


def test_a_summary_leaves_out_what_says_nothing() -> None:
    """A number to be called back on is no part of what happened, however long it is."""
    told = sentences("红山区哈达街从昨天开始停水。我的电话是13847652319。")
    chosen = gist(told, "红山区哈达街", "昨天")
    assert [sentence.text for sentence in chosen] == ["红山区哈达街从昨天开始停水。"]


def test_a_headline_without_a_place_is_the_matter_alone() -> None:
    """Nothing is put in front of it."""
    assert headline(sentences("我的快递丢了三天"), "", "求助") == "我的快递丢了三天（求助）"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("昨晚断电", 18), ("今早断电", 6), ("昨天晚上断电", 18)],
)
def test_a_short_word_for_a_part_of_the_day_is_that_part(text: str, hour: int) -> None:
    """昨晚 is 昨天晚上, 今早 is 今天早上."""
    found = find_moment(text, NOW)
    assert found is not None
    assert found.since is not None
    assert found.since.hour == hour


def test_a_number_nobody_can_mean_is_none() -> None:
    """二十三十 is no day of a month: the words stand, without a date."""
    found = find_moment("三月二十三十号停的", NOW)
    assert found is None or found.since is None


def test_a_district_shortened_like_another_is_not_guessed() -> None:
    """An autonomous county is called by its first two characters and 县."""
    places = (Place(district="围场满族蒙古族自治县", township=""), *GAZETTEER)
    found = find_place("我家在围场县", places)
    assert found is not None
    assert found.region == "围场满族蒙古族自治县"


def test_a_day_misheard_has_words_but_no_date() -> None:
    """一二十号 is no day of any month."""
    found = find_moment("三月一二十号停的", NOW)
    assert found is not None
    assert found.since is None


def test_a_district_of_one_character_is_called_by_its_whole_name() -> None:
    """郊 alone would be heard everywhere."""
    places = (Place(district="郊区", township=""),)
    assert find_place("郊外停水", places) is None
    found = find_place("我在郊区", places)
    assert found is not None
    assert found.region == "郊区"


def test_characters_without_a_sound_stand_for_themselves() -> None:
    """So that each character still has its syllable."""
    assert syllables("在\u4dc0\u4dc1区") == ("zai", "\u4dc0", "\u4dc1", "qu")


def test_of_two_like_sounds_the_first_is_found() -> None:
    """Said twice, it was meant the first time."""
    found = find_sound("松山区", "松山区松山区", 1.0)
    assert found is not None
    assert found.start == 0
