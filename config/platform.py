"""The centres of one installation: one, or a province with its cities on one platform. Pure.

统一平台、分级应用: each centre has its own numbers, seats, figures and rights.
"""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

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

    def __iter__(self) -> Iterator[Profile]:  # type: ignore[override]  # over centres, not fields
        return iter(self.centres)
