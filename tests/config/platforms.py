"""Platforms of several centres that tests ask about."""

from config.city import parse_platform
from config.platform import Platform
from tests.config.profiles import SEATS, good_profile

HEAD = "序号,部门,电话名称,电话号码,归并方式,座席安排,过渡开始,过渡结束,对端,转接号码,座席时间\n"

PROVINCE = """\
centre = "sheng"
name = "某省12345热线"
city = "某省"
level = "province"
area_code = "0791"
trunks = ["10.0.0.0/16"]
skills = ["通用"]
centres = ["shi", "zhou"]
"""
CITY = """\
centre = "shi"
name = "甲市12345热线"
city = "甲市"
area_code = "0791"
trunks = ["10.1.0.1"]
skills = ["通用"]
after_cancel = "hangup"
"""
PREFECTURE = """\
centre = "zhou"
name = "乙州12345热线"
city = "乙州"
area_code = "0792"
trunks = ["10.2.0.0/16"]
skills = ["通用"]
announce_recording = false
outside_ring_s = 12
"""
PROVINCE_NUMBERS = HEAD + (
    "1,住建厅,住建电话,12319,完善中心呼叫接转,,2026-01-01,2026-12-31,,,\n"
    "2,人社厅,人社电话,12333,保留中心在线转办,,,,renshe,93612333,工作日 08:30-12:00\n"
    "3,农业厅,农业电话,12316,保留号码呼叫转移,,2026-05-01,,,,\n"
    "4,教育厅,招生电话,93617113,整体并入,,,2026-06-30,,,\n"
)
CITY_NUMBERS = HEAD + (
    "1,人社局,社保电话,12333,双号并行,,2026-01-01,2026-12-31,,,\n"
    "2,房管局,房管电话,8337772,整体并入,,2026-01-01,2026-12-31,,,\n"
)
PREFECTURE_NUMBERS = HEAD + (
    "1,税务局,税务电话,12366,设分中心,,2026-01-01,2026-12-31,shuiwu,6612366,\n"
    "2,房管局,房管电话,8337772,双号并行,保留,2026-01-01,2026-12-31,shuiwu,6617772,"
    "每天 08:00-20:00\n"
)
PEERS = "对端,名称,地址,端口\nrenshe,人社中心,127.0.0.1,5501\nganzhou,丙市热线,10.9.0.1,5060\n"
RELATIONS = """\
关系,中心,名称,区号,对端,号码
前置,ganzhou,丙市12345热线,0797,ganzhou,07979306263
下级,shi,甲市12345热线,0791,,
前置,zhou,乙州12345热线,0792,,
"""


def province_files() -> dict[str, bytes]:
    """A province with two of its cities on the platform and one elsewhere."""
    files = {
        "profile.toml": PROVINCE,
        "numbers.csv": PROVINCE_NUMBERS,
        "peers.csv": PEERS,
        "relations.csv": RELATIONS,
        "shi/profile.toml": CITY,
        "shi/numbers.csv": CITY_NUMBERS,
        "zhou/profile.toml": PREFECTURE,
        "zhou/numbers.csv": PREFECTURE_NUMBERS,
        "zhou/peers.csv": "对端,名称,地址,端口\nshuiwu,税务中心,10.8.0.1,5060\n",
    }
    seats = SEATS.replace("、人社", "")
    files |= {f"{folder}seats.csv": seats for folder in ("", "shi/", "zhou/")}
    return {path: text.encode() for path, text in files.items()}


def province() -> Platform:
    """The platform of ``province_files``, revision 7."""
    return parse_platform(province_files(), revision=7)


def city() -> Platform:
    """A platform of one centre."""
    return Platform(centres=(good_profile(),), revision=3)
