"""The command line covers who called, unless asked not to; that is remembered."""

import asyncio
import json
import os
import pwd
from pathlib import Path

import pytest
import sqlalchemy

from cti.ids import CallId
from records.draft import Caller, WorkOrderDraft
from records.store import CallStore
from records.tables import audit
from tests.cli.test_commands import run, value
from tests.cti.web.sample import ANI, CALL, SEGMENTS, call_record, draft_of

NAME = "王小明"


def url(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'hotline.db'}"


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkOrderDraft:
    """A finished order in a home of its own, whose text names the caller."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    draft = draft_of(call_record())
    caller = Caller(number=ANI, name=NAME)
    told = f"{NAME}反映供热不足，电话{ANI}。"
    draft = draft.model_copy(update={"caller": caller, "content": told, "summary": told})

    async def keep() -> None:
        store = await CallStore.open(url(tmp_path))
        await store.write_call(call_record())
        await store.owe_draft(CallId(CALL))
        await store.save_draft(CallId(CALL), draft, SEGMENTS)
        await store.close()

    asyncio.run(keep())
    return draft


def audited(home: Path) -> list[tuple[str, str, dict[str, str]]]:
    async def read() -> list[tuple[str, str, dict[str, str]]]:
        store = await CallStore.open(url(home))
        async with store.database.reading() as connection:
            rows = (await connection.execute(sqlalchemy.select(audit))).all()
        await store.close()
        return [(row.who, row.what, row.data) for row in rows]

    return asyncio.run(read())


def test_neither_number_nor_name_is_printed(order: WorkOrderDraft, tmp_path: Path) -> None:
    """Not for people, not as JSON, not for a list, not for one."""
    shown = [
        run("orders", *words, *form).stdout
        for words in (("list",), ("show", order.id), ("show", CALL))
        for form in ((), ("--json",))
    ]
    assert all(text.strip() for text in shown)
    assert [text for text in shown if ANI in text or NAME in text] == []
    assert value("orders", "show", order.id)["caller"]["number"] == "*********01"
    assert audited(tmp_path) == []


def test_whole_is_whole_and_is_remembered(
    order: WorkOrderDraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looked at which order; the audit itself holds no number."""
    monkeypatch.setenv("LOGNAME", "somebody else")
    [listed] = value("orders", "list", "--whole")
    for shown in (listed, value("orders", "show", CALL, "--whole")):
        assert shown["caller"] == json.loads(order.caller.model_dump_json())
        assert shown["content"] == order.content
    who = pwd.getpwuid(os.getuid()).pw_name
    row = (who, "order-seen-whole", {"order": order.id, "by": "command-line"})
    assert audited(tmp_path) == [row, row]


@pytest.mark.parametrize("words", [("list",), ("show", CALL)])
def test_whole_is_for_programs_only(
    order: WorkOrderDraft, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """What people read on a screen is covered always."""
    refused = run("orders", *words, "--whole")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert audited(tmp_path) == []
