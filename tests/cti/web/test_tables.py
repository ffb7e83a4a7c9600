"""The tables beside the numbers over HTTP: whose, in which version, and what is refused."""

from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.test_numbers import ask

PATH = "/api/v1/tables/linkage"
WATER = {"号码": "96116", "名称": "供水"}


async def test_a_table_comes_with_what_is_known_of_its_columns(client: Client) -> None:
    """In Chinese and English, with the words that a cell may say."""
    named = (await ask(client, "GET", "/api/v1/tables"))["items"][0]
    assert named == {"table": "linkage", "chinese": "联动线路", "english": "Linked services"}
    shown = await ask(client, "GET", PATH)
    kind = next(one for one in shown["columns"] if one["name"] == "类别")
    assert (kind["english"], kind["is_needed"]) == ("Kind", True)
    assert kind["choices"] == ["紧急", "公共服务", "其他"]


async def test_who_writes_names_the_version_that_was_read(
    client: Client, ledger: FakeLedger
) -> None:
    """Of two who read the same, the second to write is told so; an empty table may be written."""
    answer = await client.get(PATH, headers=bearer("admin"))
    tag = {"If-Match": answer.headers["ETag"]}
    assert (await ask(client, "PUT", PATH, 428, json={"rows": []}))["id"] == "tag-missing"
    await ask(client, "PUT", PATH, json={"rows": [WATER]}, headers=tag)
    error = await ask(client, "PUT", PATH, 412, json={"rows": []}, headers=tag)
    assert error["id"] == "table-changed"
    assert error["message"] == "这张表刚刚被别人改过，请重新读取后再改。"
    assert (ledger.tables.rows, ledger.tables.writers) == ([WATER], ["admin"])
    now = {"If-Match": error["details"]["tag"]}
    assert (await ask(client, "PUT", PATH, json={"rows": []}, headers=now))["rows"] == []


async def test_a_table_or_centre_that_is_not_there_is_said_to_be_so(client: Client) -> None:
    """The numbers have an address of their own."""
    error = await ask(client, "GET", "/api/v1/tables/numbers", 404)
    assert (error["id"], error["message"]) == ("table-unknown", "没有这张资料表。")
    assert (await ask(client, "GET", f"{PATH}?centre=nowhere", 404))["id"] == "centre-unknown"
