"""What an administrator reads of who answers a caller first."""

from datetime import datetime

import pytest

from config.callers import CALLERS
from config.city import parse_platform
from config.duties import DUTIES
from config.workdays import CHINA
from cti.ids import CentreId, LineId
from cti.whom import whom
from tests.config.profiles import FILES, NUMBERS, TOML

CENTRE = CentreId("testcity")
MORNING = datetime(2026, 12, 2, 9, 30, tzinfo=CHINA)
PLATFORM = parse_platform(
    {
        name: text.encode()
        for name, text in {
            **FILES,
            "profile.toml": TOML.replace('"人社"', '"人社", "政企通"')
            + '[classes]\n"人大代表" = 60\n',
            "numbers.csv": NUMBERS.replace("归并方式\n", "归并方式,语言\n")
            .replace(
                "人社局,社保服务电话,12333,双号并行\n", "人社局,社保服务电话,12333,双号并行,藏语\n"
            )
            .replace("4,税务局,税务电话,12366,设分中心\n", ""),
            "seats.csv": "分机,姓名,技能,语言\n1001,一,通用,藏语\n1002,二,人社\n1003,三,政企通\n",
            CALLERS: "号码,名称,类别\n13900000001,甲公司,企业\n13900000002,某代表,人大代表\n",
            DUTIES: "日期,时间,名称,线路,座席\n每周三,09:00-11:00,局长接听,12333,1002、1003\n",
        }.items()
    }
)


@pytest.mark.parametrize(
    ("line", "ani", "hour", "said"),
    [
        ("8337772", "", 9, "依次找通用座席"),
        ("12333", "", 12, "依次找语言:藏语、人社、通用座席"),
        ("12333", "", 9, "依次找值班「局长接听」（1002、1003）、语言:藏语、人社、通用座席"),
        ("12345", "13900000001", 9, "来电人是企业「甲公司」；依次找政企通、通用座席"),
        ("12345", "13900000002", 9, "来电人是人大代表「某代表」，早算60秒；依次找通用座席"),
    ],
)
def test_the_order_is_said_as_the_switch_has_it(line: str, ani: str, hour: int, said: str) -> None:
    """Duties of that very hour, the known caller, the language, the skill, the general seats."""
    at = MORNING.replace(hour=hour)
    assert whom(PLATFORM, CENTRE, LineId(line), ani, at) == said
