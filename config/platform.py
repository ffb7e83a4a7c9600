"""The centres of one installation: one, or a province with its cities on one platform. Pure.

统一平台、分级应用: each centre has its own numbers, seats, figures and rights.
"""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from config.dialled import key, keys
from config.ledger import EMERGENCY, HOTLINE
from config.profile import Profile
from cti.ids import CentreId


class Platform(BaseModel):
    """All centres. The first is ``home``: the profile's own; the others lie in its folder."""

    model_config = ConfigDict(frozen=True)

    centres: tuple[Profile, ...]
    revision: int = 0
    """The revision of the applied city that this is; 0: not applied yet."""

    @property
    def home(self) -> Profile:
        """The centre that calls belong to when nothing says otherwise."""
        return self.centres[0]

    def centre(self, centre: CentreId) -> Profile:
        """The centre of that name. Raises ``KeyError``."""
        for profile in self.centres:
            if profile.centre == centre:
                return profile
        raise KeyError(centre)

    def centre_or_home(self, centre: CentreId) -> Profile:
        """The same; the home one for what belongs to a centre that is gone by now."""
        return next((profile for profile in self if profile.centre == centre), self.home)

    def answers(self, centre: CentreId, number: str) -> bool:
        """Whether a number that is dialled in that centre's area leads here, as a new call.

        However it is written: 12345 and every number of the ledger, with or without the area
        code; another centre's only with it.
        """
        wanted = key(number)
        for profile in self:
            for line in (profile.hotline, *profile.lines):
                known = keys(line.number, profile.area_code)
                if wanted in (known if profile.centre == centre else known[-1:]):
                    return True
        return wanted == HOTLINE

    def emergency(self, centre: CentreId, number: str) -> str:
        """The emergency line that is meant in that centre's area, ``110``; '' for none.

        Of a centre that is gone from the data only the bare number is known.
        """
        area = next((profile.area_code for profile in self if profile.centre == centre), "")
        wanted = key(number).removeprefix(area)
        return wanted if wanted in EMERGENCY else ""

    def __iter__(self) -> Iterator[Profile]:  # type: ignore[override]  # over centres, not fields
        return iter(self.centres)
