"""The worker goes by the city in force, and outlives one that cannot be read."""

import shutil
from pathlib import Path

from config.files import profile_directory
from config.settings import Settings
from cti.worker import CityInForce


def test_a_city_that_cannot_be_read_leaves_the_last_good_one(tmp_path: Path) -> None:
    """Before the first revision the working copy counts; a fault in it changes nothing."""
    city = tmp_path / "city"
    shutil.copytree(profile_directory(Settings()), city)
    keeper = CityInForce(Settings(home=tmp_path / "home", profile=str(city)))
    good = keeper.current
    facts = (city / "profile.toml").read_text(encoding="utf-8")
    (city / "profile.toml").write_text("wrong", encoding="utf-8")
    keeper.look()
    assert keeper.current is good
    renamed = facts.replace(f'name = "{good.home.name}"', 'name = "改名热线"')
    (city / "profile.toml").write_text(renamed, encoding="utf-8")
    keeper.look()
    assert keeper.current.home.name == "改名热线"
