"""Asterisk's own list of refused numbers follows SQL's, and outlives both ends."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.linkage import Handling, Linkage, LinkageKind
from config.peers import Peer
from config.platform import Platform
from cti.ami.link import AmiLink
from cti.ids import AgentId
from cti.nuisance import Listing
from cti.refusing import RefusalList
from tests.asterisk.world import AsteriskWorld, eventually
from tests.cti.ami.peer import Ear, linking, until

pytestmark = pytest.mark.asterisk


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """One Asterisk for the module's tests."""
    with AsteriskWorld(tmp_path_factory.mktemp("refusing")) as world:
        yield world


NOW = datetime.now(UTC).replace(microsecond=0)
UNTIL = NOW + timedelta(hours=1)


class Sql:
    """What SQL would say; ``is_away`` makes it fail as a database that is away does."""

    def __init__(self) -> None:
        self.listings: list[Listing] = []
        self.is_away = False
        self.asked = 0

    async def standing(self, now: datetime) -> Sequence[Listing]:
        self.asked += 1
        if self.is_away:
            raise TimeoutError("the database is away")
        return [one for one in self.listings if one.stands(now)]


def listing(world: AsteriskWorld, number: str) -> Listing:
    return Listing(
        id=1,
        centre=world.profile.centre,
        number=number,
        reason="反复辱骂",
        added_by=AgentId("chief"),
        added_at=NOW,
        until=UNTIL,
    )


def with_police(world: AsteriskWorld, address: str) -> Platform:
    """The world's platform, with an emergency line's exchange there."""
    line = Linkage(
        number="110",
        name="公安",
        kind=LinkageKind.EMERGENCY,
        handling=Handling.THREE_WAY,
        peer="gongan",
        destination="110",
    )
    peer = Peer(id="gongan", name="公安局", address=address)
    changed = world.profile.model_copy(update={"peers": (peer,), "linkage": (line,)})
    return Platform(centres=(changed,))


def held(world: AsteriskWorld, family: str) -> dict[str, str]:
    """What Asterisk's database holds of that family."""
    shown = world.rx(f"database show {family}")
    return dict(re.findall(rf"^/{family}/(\S+)\s*: (\S+)", shown, re.M))


@asynccontextmanager
async def refusing(
    world: AsteriskWorld, sql: Sql, platform: Platform, look_every_s: float = 30
) -> AsyncIterator[tuple[RefusalList, AmiLink]]:
    """A list that is being kept, its link up."""
    ear = Ear()
    async with (
        linking(world.ami_port, ear, secret=world.ami_secret, username="hotline") as link,
        asyncio.TaskGroup() as group,
    ):
        await until(lambda: link.is_up)
        kept = RefusalList(link, sql.standing, lambda: platform, look_every_s=look_every_s)
        kept.want()
        task = group.create_task(kept.run())
        try:
            yield kept, link
        finally:
            task.cancel()


async def test_asterisk_holds_what_sql_says_and_nothing_that_was_taken_off(
    world: AsteriskWorld,
) -> None:
    """Leftovers of another brain go; removals and additions follow at once when asked for."""
    centre = world.profile.centre
    world.rx(f"database put nuisance/{centre} 13911111111 4102444800")
    world.rx("database put emergency 10.9.9.9 1")
    sql = Sql()
    sql.listings = [listing(world, "13900000001"), listing(world, "13900000002")]
    epoch = str(int(UNTIL.timestamp()))
    async with refusing(world, sql, with_police(world, "10.1.2.3")) as (kept, _):
        both = {f"{centre}/13900000001": epoch, f"{centre}/13900000002": epoch}
        await eventually("the list", lambda: held(world, "nuisance") == both)
        assert held(world, "emergency") == {"10.1.2.3": "1"}

        sql.listings = sql.listings[:1]
        kept.want()
        await eventually(
            "the removal", lambda: held(world, "nuisance") == {f"{centre}/13900000001": epoch}
        )


async def test_while_sql_is_away_the_list_stays_as_it_was(world: AsteriskWorld) -> None:
    """Nobody on the list gets through because a database died; back, it is followed again."""
    centre = world.profile.centre
    sql = Sql()
    sql.listings = [listing(world, "13900000003")]
    async with refusing(world, sql, Platform(centres=(world.profile,)), 0.1) as (kept, _):
        await eventually("it", lambda: list(held(world, "nuisance")) == [f"{centre}/13900000003"])
        sql.is_away, sql.listings = True, []
        kept.want()
        asked = sql.asked
        await eventually("more looks", lambda: sql.asked > asked + 2)
        assert list(held(world, "nuisance")) == [f"{centre}/13900000003"]

        sql.is_away = False
        await eventually("nobody", lambda: held(world, "nuisance") == {})


async def test_what_another_process_wrote_is_found_without_being_asked(
    world: AsteriskWorld,
) -> None:
    """A command writes SQL only; the brain looks now and then."""
    sql = Sql()
    async with refusing(world, sql, Platform(centres=(world.profile,)), 0.1):
        await eventually("a look", lambda: sql.asked > 1)
        sql.listings = [listing(world, "13900000004")]
        await eventually("it", lambda: len(held(world, "nuisance")) == 1)


async def test_a_new_asterisk_is_told_the_whole_list(tmp_path: Path) -> None:
    """Its database may be empty or old: the list is compared again after each new link."""
    sql = Sql()
    with AsteriskWorld(tmp_path) as own:
        sql.listings = [listing(own, "13900000005")]
        async with refusing(own, sql, Platform(centres=(own.profile,)), 0.1) as (kept, link):
            await eventually("it", lambda: len(held(own, "nuisance")) == 1)
            own.rx(f"database del nuisance {own.profile.centre}/13900000005")
            own.restart()
            await eventually("the link", lambda: link.is_up, 10)
            kept.want()  # as the root does when a link comes up
            await eventually("it again", lambda: len(held(own, "nuisance")) == 1)


async def test_an_exchange_named_by_its_host_is_known_by_its_address(world: AsteriskWorld) -> None:
    """The dialplan sees addresses only. While nobody knows the name, what was known holds."""
    sql = Sql()
    async with refusing(world, sql, with_police(world, "localhost")):
        await eventually("it", lambda: held(world, "emergency") == {"127.0.0.1": "1"})
    sql.listings = [listing(world, "13900000006")]
    named = f"{world.profile.centre}/13900000006"
    async with refusing(world, sql, with_police(world, "nobody.invalid")):
        await eventually("the list", lambda: list(held(world, "nuisance")) == [named], 10)
        assert held(world, "emergency") == {"127.0.0.1": "1"}
