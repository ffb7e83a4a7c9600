"""Which office may have to act: the line's own department, and the words of each trade. Pure."""

from collections.abc import Sequence

from config.profile import Profile
from records.draft import Office
from records.pinyin import find_sound
from records.trades import trade_of

TRADES: dict[str, tuple[str, ...]] = {
    "住房城乡建设局": (
        "物业",
        "供热",
        "供暖",
        "暖气",
        "取暖费",
        "电梯",
        "开发商",
        "交房",
        "公租房",
        "廉租房",
        "楼盘",
        "房屋质量",
        "业委会",
        "维修基金",
        "燃气",
        "漏水",
        "室内温度",
    ),
    "水利局": ("停水", "自来水", "水管", "水压", "水费", "河道", "水表", "饮用水"),
    "人力资源社会保障局": (
        "工资",
        "欠薪",
        "社保",
        "养老保险",
        "劳动合同",
        "失业",
        "工伤",
        "农民工",
        "辞职",
        "退休",
        "劳动仲裁",
        "加班",
    ),
    "住房公积金中心": ("公积金",),
    "医疗保障局": ("医保", "报销", "异地就医", "生育津贴", "新农合", "医疗保险"),
    "生态环境局": (
        "污水",
        "排污",
        "废水",
        "废气",
        "油烟",
        "冒黑烟",
        "污染",
        "化工厂",
        "臭味",
        "噪音",
        "焚烧",
    ),
    "城市管理综合执法局": (
        "占道经营",
        "摆摊",
        "路灯",
        "垃圾",
        "井盖",
        "违建",
        "违章建筑",
        "夜间施工",
        "下水道",
        "公厕",
        "公共厕所",
        "健身器材",
        "渣土",
        "流动摊贩",
    ),
    "公安局": (
        "赌场",
        "赌博",
        "身份证",
        "户口",
        "居住证",
        "诈骗",
        "派出所",
        "盗窃",
        "被偷",
        "传销",
        "打架",
        "狗",
        "出入境",
        "护照",
    ),
    "公安局交警支队": (
        "红绿灯",
        "违停",
        "违章停车",
        "驾驶证",
        "罚单",
        "堵车",
        "交警",
        "斑马线",
        "绿灯",
        "车管所",
    ),
    "交通运输局": ("出租车", "公交", "网约车", "客车", "打表", "黑车", "货车超载", "驾校", "地铁"),
    "市场监管局": (
        "过期",
        "退款",
        "退卡",
        "年卡",
        "预付卡",
        "假货",
        "超市",
        "健身房",
        "营业执照",
        "食品",
        "消费",
        "虚假宣传",
        "退钱",
        "快递",
    ),
    "教育局": (
        "学校",
        "幼儿园",
        "老师",
        "补课",
        "入学",
        "学位",
        "学区",
        "兴趣班",
        "课后",
        "中小学",
        "教练",
    ),
    "民政局": ("低保", "高龄补贴", "养老院", "救助", "结婚登记", "殡仪馆", "骨灰", "敬老院"),
    "残联": ("残疾", "轮椅", "残疾证"),
    "卫生健康委": ("医院", "诊所", "疫苗", "接种", "医生", "行医", "挂号", "牙科", "卫生服务中心"),
    "农牧局": (
        "种植补贴",
        "农业补贴",
        "种子",
        "化肥",
        "农药",
        "玉米",
        "牲畜",
        "草场",
        "羊",
        "农机",
        "种地",
    ),
    "自然资源局": ("采砂", "采矿", "宅基地", "征地", "耕地", "不动产", "房产证", "土地"),
    "林业和草原局": ("砍伐", "树木", "林地", "草原", "古树", "野生动物"),
    "税务局": ("税", "发票", "增值税"),
    "供电公司": ("停电", "电费", "电压", "供电", "变压器", "电线", "电表"),
    "文化和旅游局": ("旅游", "景区", "导游", "图书馆", "网吧", "KTV", "旅行社", "文化市场"),
    "消防救援支队": ("消防通道", "火灾", "消防", "着火"),
    "应急管理局": ("安全生产", "烟花", "矿山", "安全隐患"),
    "司法局": ("法律援助", "公证", "律师"),
    "妇联": ("家暴", "妇女维权"),
    "烟草专卖局": ("烟草", "假烟", "卷烟"),
    "气象局": ("天气预报", "气象"),
    "政务服务中心": ("政务大厅", "办事大厅", "审批", "窗口", "许可证"),
}
"""What each trade's callers say. A word stands where a hotline sends it first."""

_LINE = 1.0
"""The caller dialled that department's own number: that alone is a good reason."""
_WORD = 0.6
_SOUND = 0.4
_MOST = 3


def find_offices(text: str, department: str, line: str, profile: Profile) -> tuple[Office, ...]:
    """Name at most three offices, the likeliest first; none when nothing points to one.

    ``department`` and ``line`` are the dialled line's; empty for 12345 itself, which says nothing.
    Departments that share the number (甲局、乙局) are each named.
    """
    scores: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for owner in filter(None, department.split("、")):
        name = known_as(owner, profile)
        scores[name] = _LINE
        reasons[name] = [f"拨打的是{owner}的{line}"]
    for trade, (weight, heard) in trade_words(text).items():
        name = known_as(trade, profile)
        scores[name] = scores.get(name, 0.0) + weight
        reasons.setdefault(name, []).append(f"提到{'、'.join(heard)}")
    ranked = sorted(scores, key=lambda name: -scores[name])[:_MOST]
    return tuple(
        Office(name=name, score=round(scores[name], 2), why="；".join(reasons[name]))
        for name in ranked
    )


def trade_words(text: str) -> dict[str, tuple[float, list[str]]]:
    """Each trade whose words were heard: what they weigh, and which they are."""
    found = {trade: _heard(words, text) for trade, words in TRADES.items()}
    return {trade: heard for trade, heard in found.items() if heard[1]}


def topics(text: str) -> list[str]:
    """Every word of any trade that stands in the text, longest first."""
    found = {word for words in TRADES.values() for word in words if word in text}
    return sorted(found, key=lambda word: (-len(word), word))


def known_as(name: str, profile: Profile) -> str:
    """What this city calls that office: its list's name, or its ledger's, else the usual one."""
    stem = _stem(name)
    for office in profile.offices:
        if any(stem == _stem(known) for known in (office.name, *office.aliases)):
            return office.name
    trade = trade_of(name)
    for office in profile.offices:
        if trade == trade_of(office.name):
            return office.name
    for office in profile.offices:
        if any(len(known) >= 2 and known in name for known in (office.name, *office.aliases)):
            return office.name  # 公安局交警支队 is reached through 公安局, which knows 交警
    departments = {part for line in profile.lines for part in line.department.split("、")}
    return next((known for known in sorted(departments) if _stem(known) == stem), name)


def _stem(name: str) -> str:
    return name.removeprefix("市").removeprefix("赤峰市").removesuffix("委员会").removesuffix("局")


def _heard(words: Sequence[str], text: str) -> tuple[float, list[str]]:
    """How much the trade's words weigh in the text, and which were heard.

    A longer word says more; one misheard counts less, and only if it has three syllables.
    """
    weight, heard = 0.0, []
    for word in words:
        if word in text:
            weight += _WORD + 0.1 * len(word)
            heard.append(word)
        elif len(word) >= 3 and find_sound(word, text, 0.0):
            weight += _SOUND + 0.1 * len(word)
            heard.append(f"{word}（读音）")
    return weight, heard
