"""A private Asterisk for a town whose lines have seats of their own, at exchanges of the tests."""

from pathlib import Path

from tests.asterisk.world import AsteriskWorld
from tests.config.profiles import SEATS, TOML

RING_S = 5
SUB_CENTRE, KEPT, FRONTED, GONE = "12366", "12333", "12319", "8337772"
"""Numbers: always open, always closed, answered by another city, cancelled and hung up on."""
PEER, THERE = "shuiwu", "6612366"
NUMBERS = f"""\
序号,部门,电话名称,电话号码,归并方式,座席安排,过渡开始,过渡结束,对端,转接号码,座席时间
1,税务局,税务电话,{SUB_CENTRE},设分中心,,,,{PEER},{THERE},
2,人社局,社保服务电话,{KEPT},双号并行,保留,,,{PEER},6612333,每天 00:00-00:01
3,住建局,住建电话,{FRONTED},完善中心呼叫接转,,,,,,
4,市政府办公室,市长热线,{GONE},整体并入,,2020-01-01,2020-12-31,,,
"""


def make_town(home: Path, port: int, *, prompt_s: float = 0.3) -> AsteriskWorld:
    """Render a town whose peer listens on that port of 127.0.0.1. Start it with ``with``."""
    profile = home / "profile"
    profile.mkdir(parents=True)
    facts = f'outside_ring_s = {RING_S}\nafter_cancel = "hangup"\n'
    texts = {
        "profile.toml": TOML + facts,
        "numbers.csv": NUMBERS,
        "seats.csv": SEATS,
        "peers.csv": f"对端,名称,地址,端口\n{PEER},税务中心,127.0.0.1,{port}\n",
        "relations.csv": "关系,中心,名称,区号,对端,号码\n"
        f"前置,linshi,邻市12345热线,0475,{PEER},047512345\n",
    }
    for name, text in texts.items():
        (profile / name).write_text(text, encoding="utf-8")
    return AsteriskWorld(home, profile=str(profile), prompt_s=prompt_s)
