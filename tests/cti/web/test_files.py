"""The page as it was built: kept for ever where its name allows it, compressed, nothing beside."""

import gzip
from pathlib import Path

import pytest

from cti.web.files import KEPT
from tests.cti.web.conftest import SCRIPT, Client

NAMED = "/assets/index-Ab_d-123.js"
PLAIN = {"Accept-Encoding": "identity"}
OTHERS = {
    "/assets/deep/look-0123abcd.css": ("text/css", "p { margin: 0 }"),
    "/assets/icon-0123abcd.svg": ("image/svg+xml", "<svg/>"),
    "/assets/type-0123abcd.woff2": ("font/woff2", "w"),
    "/assets/words-0123abcd.json": ("application/json", "{}"),
    "/embed.js": ("text/javascript", "1"),
}


@pytest.fixture
def page(page: Path) -> Path:
    """One file of every kind, and some that are not for browsers."""
    texts = {at: text for at, (_, text) in OTHERS.items()}
    for at, text in {**texts, f"{NAMED}.map": "{}", "/built-from": "a sum"}.items():
        (page / f".{at}").parent.mkdir(exist_ok=True)
        (page / f".{at}").write_text(text, encoding="utf-8")
    return page


async def test_the_front_page_is_asked_for_again_each_time(client: Client) -> None:
    """So that a new build is seen at once; unchanged, it is not sent again."""
    answer = await client.get("/")
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = await client.get("/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_a_file_named_after_its_content_is_kept_for_a_year(client: Client) -> None:
    """One without a digest in its name is asked for again."""
    assert (await client.get(NAMED)).headers["Cache-Control"] == KEPT
    assert (await client.get("/embed.js")).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("at", OTHERS)
async def test_every_kind_of_file_is_called_what_it_is(client: Client, at: str) -> None:
    """In whatever folder it stands."""
    media, text = OTHERS[at]
    answer = await client.get(at)
    assert (answer.status, answer.content_type, await answer.text()) == (200, media, text)


@pytest.mark.parametrize(
    ("offered", "is_packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.00", False),
        ("identity", False),
        ("", False),
    ],
)
async def test_who_takes_gzip_gets_it(client: Client, offered: str, is_packed: bool) -> None:
    """And who does not gets the same words; the two are never taken for each other."""
    answer = await client.get(
        NAMED, headers={"Accept-Encoding": offered}, skip_auto_headers=["Accept-Encoding"]
    )
    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert await answer.text() == SCRIPT  # the client has unpacked it
    size = int(answer.headers["Content-Length"])
    assert size == (len(gzip.compress(SCRIPT.encode())) if is_packed else len(SCRIPT.encode()))
    other = {"Accept-Encoding": "identity" if is_packed else "gzip"}
    other["If-None-Match"] = answer.headers["ETag"]
    assert (await client.get(NAMED, headers=other)).status == 200


@pytest.mark.parametrize(
    "at", [f"{NAMED}.map", "/built-from", "/assets/", "/assets/../built-from", "/assets/none.js"]
)
async def test_nothing_else_is_served(client: Client, at: str) -> None:
    """No map of the sources, no stamp of the build, no folder."""
    assert (await client.get(at)).status == 404


class TestNothingBuilt:
    @pytest.fixture
    def page(self, tmp_path: Path) -> Path:
        return tmp_path / "none"

    async def test_the_front_page_says_what_to_run(self, client: Client) -> None:
        """In Chinese; the rest of the interface works."""
        answer = await client.get("/")
        assert (answer.status, answer.content_type) == (503, "text/html")
        assert "make install" in await answer.text()
        assert (await client.get("/readyz")).status == 200
        assert (await client.get(NAMED)).status == 404
