"""A small correct platform, a province and one of its cities, that tests break in one place."""

from collections.abc import Mapping

from config.city import parse_platform
from config.faults import Fault, ProfileFaults
from config.platform import Platform

HOME = """\
centre = "sheng"
name = "某省12345热线"
city = "某省"
level = "province"
area_code = "0471"
trunks = ["10.0.0.0/24"]
skills = ["通用"]
scope_out = ["党群"]
centres = ["shi"]
[limits]
sign_d = 1
"""
LEDGER = """\
序号,部门,电话名称,电话号码,归并方式,座席安排,过渡开始,过渡结束,对端,转接号码,座席时间,例外理由,来源
1,民政厅,救助热线,8337772,整体并入,,2026-01-01,2026-12-31,,,,,示例
2,税务局,税务热线,12366,设分中心,,,,shuiwu,6001,,,文件
3,人社厅,社保热线,12333,双号并行,保留,,,renshe,6002,工作日 08:30-17:30,,文件
4,住建厅,住建热线,12319,完善中心呼叫接转,,,,,,,,文件
"""
SEATS = """\
分机,姓名,技能,类别
1001,座席01,通用,话务员
1002,座席02,通用,专家
"""
PEERS = """\
对端,名称,地址,端口
shuiwu,税务分中心,10.1.0.1,5060
renshe,人社座席,10.1.0.2,
waishi,外市热线,10.1.0.3,5070
gongan,公安,gongan.example,5060
"""
RELATIONS = """\
关系,中心,名称,区号,对端,号码
下级,shi,某市12345热线,0476,,
前置,waishi,外市12345热线,0472,waishi,6345
"""
LINKAGE = """\
号码,名称,类别,处理,对端,转接号码,备用对端,备用号码,座席时间
110,公安,紧急,三方,gongan,110,waishi,0472110,
95598,供电,公共服务,告知号码,,,,,
9301001,供水,公共服务,转接,waishi,9301001,,,每天 08:00-20:00
"""
REFUSALS = "编号,理由,话术,出处\nlitigation,需通过诉讼解决,请向人民法院咨询。,方案三\n"
OFFICES = """\
部门,别称,类型
民政厅,民政,政府
税务局,国税,垂管
人社厅,社保局,政府
住建厅,房产局,政府
妇联,妇女联合会,党群
"""
PROMPTS = (
    "提示音,音色,语速,文字\nsheng-12333-transition,zm_yunxi,1.2,您好，社保热线。\nbye,,,再见。\n"
)

CITY_HOME = """\
centre = "shi"
name = "某市12345热线"
city = "某市"
area_code = "0476"
trunks = ["10.0.1.1"]
skills = ["通用"]
"""
CITY_LEDGER = """\
部门,电话名称,电话号码,归并方式,对端,转接号码
公积金中心,公积金热线,12329,双号并行,gjj,6003
"""
CITY_PEERS = "对端,名称,地址\ngjj,公积金,10.1.0.9\n"
CITY_RELATIONS = "关系,中心,名称,区号,对端,号码\n上级,sheng,某省12345热线,0471,,\n"

FILES: Mapping[str, str] = {
    "profile.toml": HOME,
    "numbers.csv": LEDGER,
    "seats.csv": SEATS,
    "peers.csv": PEERS,
    "relations.csv": RELATIONS,
    "linkage.csv": LINKAGE,
    "refusals.csv": REFUSALS,
    "offices.csv": OFFICES,
    "prompts.csv": PROMPTS,
    "shi/profile.toml": CITY_HOME,
    "shi/numbers.csv": CITY_LEDGER,
    "shi/seats.csv": SEATS,
    "shi/peers.csv": CITY_PEERS,
    "shi/relations.csv": CITY_RELATIONS,
}


def changed(changes: Mapping[str, str | None] = {}) -> dict[str, bytes]:
    """The files' bytes with these instead of ours; None: without that file."""
    texts = {**FILES, **changes}
    return {name: text.encode() for name, text in texts.items() if text is not None}


def swapped(file: str, old: str, new: str) -> dict[str, str | None]:
    """The change that replaces the text in that file, which must be there."""
    assert old in FILES[file]
    return {file: FILES[file].replace(old, new, 1)}


def added(file: str, *rows: str) -> dict[str, str | None]:
    """The change that adds rows to that file."""
    return {file: FILES[file] + "\n".join(rows) + "\n"}


def the_platform(changes: Mapping[str, str | None] = {}) -> Platform:
    """The platform of the changed files, which must be good."""
    return parse_platform(changed(changes))


def refused(changes: Mapping[str, str | None]) -> list[Fault]:
    """The faults of the changed files; none when they are good."""
    try:
        parse_platform(changed(changes))
    except ProfileFaults as error:
        return list(error.faults)
    return []


def told(changes: Mapping[str, str | None]) -> list[tuple[str, int, str, str]]:
    """Where each fault of the changed files stands, and what is to be written instead."""
    return [(f.file, f.row, f.column, f.instead) for f in refused(changes)]
