"""A small correct profile that tests break in one place at a time."""

from collections.abc import Mapping

from config.faults import Fault, ProfileFaults
from config.profile import Profile, read_profile

TOML = """\
centre = "testcity"
name = "测试市12345热线"
city = "测试市"
area_code = "0476"
trunks = ["127.0.0.1"]
skills = ["通用", "人社"]
"""
NUMBERS = """\
序号,部门,电话名称,电话号码,归并方式
1,市政府办公室,市长热线,8337772,整体并入
2,公安局,户政咨询电话,8820813,整体并入
,公安局,治安咨询电话,8820813,整体并入
3,人社局,社保服务电话,12333,双号并行
4,税务局,税务电话,12366,设分中心
"""
SEATS = """\
分机,姓名,技能,类别
1001,座席01,通用,话务员
1002,座席02,通用、人社,专家
"""

FILES: Mapping[str, str] = {"profile.toml": TOML, "numbers.csv": NUMBERS, "seats.csv": SEATS}


def good_profile() -> Profile:
    """The profile without a fault."""
    return read_profile(FILES)


def faults_of(**texts: str) -> list[Fault]:
    """The faults found when files of those names (``numbers=…``, ``profile=…``) replace ours."""
    names = {"profile": "profile.toml", "numbers": "numbers.csv", "seats": "seats.csv"}
    files = dict(FILES) | {names.get(key, f"{key}.csv"): text for key, text in texts.items()}
    try:
        read_profile(files)
    except ProfileFaults as error:
        return list(error.faults)
    return []


def places(faults: list[Fault]) -> list[tuple[int, str]]:
    """Row and column of each fault."""
    return [(fault.row, fault.column) for fault in faults]
