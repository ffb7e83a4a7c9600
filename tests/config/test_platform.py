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
