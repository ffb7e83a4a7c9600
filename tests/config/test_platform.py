"""Several centres on one platform."""

import pytest

from config.platform import Platform
from cti.ids import CentreId
from tests.config.profiles import good_profile


def test_the_first_centre_is_home_and_each_is_found_by_name() -> None:
    home = good_profile()
    other = home.model_copy(update={"centre": CentreId("other")})
    platform = Platform(centres=(home, other))
    assert platform.home is home
    assert platform.centre(CentreId("other")) is other
    assert [profile.centre for profile in platform] == ["testcity", "other"]
    with pytest.raises(KeyError):
        platform.centre(CentreId("nowhere"))
    assert platform.centre_or_home(CentreId("other")) is other
    assert platform.centre_or_home(CentreId("nowhere")) is home


def test_a_number_that_leads_here_is_known_however_it_is_dialled() -> None:
    """A colleague's centre on the platform only by its area code: 12333 is everybody's."""
    home = good_profile()
    other = home.model_copy(update={"centre": CentreId("other"), "area_code": "0471"})
    platform = Platform(centres=(home, other))
    line, area = home.lines[0].number, home.area_code
    for written in (
        "12345",
        f"{area}12345",
        f"{area}-12345",
        line,
        area + line,
        f"+86{area}{line}",
    ):
        assert platform.answers(home.centre, written), written
    assert platform.answers(home.centre, f"0471{line}")
    for written in (f"0999{line}", f"{area}5550001", "13900000001"):
        assert not platform.answers(home.centre, written), written
    only_here = Platform(centres=(home, other.model_copy(update={"lines": ()})))
    assert only_here.answers(home.centre, line)
    assert not only_here.answers(other.centre, line)


def test_an_emergency_line_is_meant_with_the_own_area_code_too() -> None:
    """Another area's is not ours to ring."""
    home = good_profile()
    platform = Platform(centres=(home,))
    meant = {number: platform.emergency(home.centre, number) for number in ("110", "122", "12345")}
    assert meant == {"110": "110", "122": "122", "12345": ""}
    assert platform.emergency(home.centre, f"+86{home.area_code}110") == "110"
    assert platform.emergency(home.centre, "0999110") == ""
    assert platform.emergency(CentreId("gone"), "110") == "110"
