"""Callers taken to whom the tables name: experts in turn, a department on duty."""

import asyncio
from pathlib import Path

import pytest

from bench.phone import Softphone
from config.apply import apply
from cti.ids import PeerId, SeatId, seat_id
from tests.config.town import silent
from tests.standstill import Watch
from tests.system.city import City, until
from tests.system.movebrain import back_at_once
from tests.system.movedoing import Played, is_left_clean
from tests.system.movescene import Scene, calling
from tests.system.movestage import OUT_PEER, Place, stage
from tests.system.people import Agent
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

GONE = "2020-01-01"
"""A day on which somebody was on duty."""
TRADE = "expert:人社"
ROSTER = f"""\
部门,类别,对端,号码,次序,日期
住房城乡建设局,值班,{OUT_PEER},9303001,1,{GONE}
住房城乡建设局,值班,{OUT_PEER},9301001,2,
住房城乡建设局,咨询,{OUT_PEER},9303001,1,{GONE}
"""


def experts(extension: str) -> str:
    """Of one trade: one off duty, one at a seat of ours, one at a telephone elsewhere."""
    return f"""\
专业,姓名,座席,对端,号码,次序,日期,时间
人社,夜班,,{OUT_PEER},9301000,1,{GONE},
人社,专家,{extension},,,2,,
人社,业务科,,{OUT_PEER},9303000,3,每天,
"""


async def put_in_force(city: City, **tables: str) -> None:
    """Write those tables and apply them, while people talk."""
    for name, text in tables.items():
        (Path(city.settings.profile) / f"{name}.csv").write_text(text, encoding="utf-8")
    before = city.logs()["brain.log"].count("profile taken over")
    await asyncio.to_thread(apply, city.settings, who="anna", why="", make_prompts=silent)
    await until(
        lambda: city.logs()["brain.log"].count("profile taken over") > before, 10, "taken over"
    )


async def test_given_experts_and_a_roster_then_who_is_on_duty_is_rung_one_after_the_other(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Of experts, the one at a desk of ours first, then the department's telephone; nobody who is
    off duty. A department on duty is rung; where it is closed, the desk is told so, and the caller
    stays where it is. The tables were put in force while callers and agents were talking.
    """
    async with stage(folder, phones, watch, slots=2, agents=3) as on:
        consults, joins = await calling(on, 0), await calling(on, 1)
        talking = [await consults.talks(), await joins.talks()]
        [expert] = [one for one in on.people.agents if one not in talking]
        expert.answers_after_s = None
        await put_in_force(on.city, experts=experts(expert.extension), contacts=ROSTER)
        async with asyncio.TaskGroup() as group:
            group.create_task(experts_are_rung_in_turn(consults, expert))
            group.create_task(a_department_on_duty_comes(joins))


async def experts_are_rung_in_turn(scene: Scene, expert: Agent) -> None:
    """The first does not answer; the second is consulted and has the caller in the end."""
    on = scene.stage
    behind, away = on.twice[0].people[1], on.once[0].people[0]
    played = Played(scene, Kind.CONSULT, Place(TRADE, "", (expert, behind)))
    await played.start()
    await played.do(What.UNANSWERED)
    for what, step in (
        (What.ANSWERED, Step.CONSULTING),
        (What.JOIN, Step.JOINED),
        (What.COMPLETE, Step.COMPLETED),
    ):
        await played.do(what)
        await scene.reaches(step)
        await played.is_heard(step, is_left=what is What.COMPLETE)
    record = await scene.over()
    rung = [(one.seat, one.peer) for one in record.offers if one.target == TRADE]
    seat = seat_id(on.city.profile.centre, expert.extension)
    assert rung == [(seat, PeerId("")), (SeatId(""), PeerId(OUT_PEER))]
    assert away.rings == []
    await is_left_clean(scene, record)


async def a_department_on_duty_comes(scene: Scene) -> None:
    """One that is closed is not rung, and that is said; then one on duty joins the talk."""
    on = scene.stage
    duty, behind = on.once[1].people[0], on.twice[1].people[1]
    assert await refusal(scene, "office:住房城乡建设局:咨询") == "target-closed"
    played = Played(scene, Kind.THREE_WAY, Place("office:住房城乡建设局:值班", "", (duty,)))
    await played.start()
    await played.do(What.ANSWERED)
    await scene.reaches(Step.JOINED)
    await played.is_heard(Step.JOINED, is_left=False)
    record = await scene.over()
    assert behind.rings == []
    await is_left_clean(scene, record)


async def refusal(scene: Scene, target: str) -> str:
    """Why a three-way call to that target is not begun."""
    body = {"move": "m-refused-1", "kind": Kind.THREE_WAY.value, "target": target}
    _, answer = await scene.desk.post(f"/api/v1/calls/{scene.call}/moves", body)
    return str(answer["error"]["id"])


async def test_given_an_expert_consulted_when_the_brain_is_back_at_once_then_the_move_goes_on(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """The target's name is Chinese, and so is what stands on the caller's channel."""
    async with stage(folder, phones, watch) as on:
        scene = await calling(on)
        await scene.talks()
        row = f"人社（劳动）,业务科,{OUT_PEER},9303000\n"
        await put_in_force(on.city, experts=f"专业,姓名,对端,号码\n{row}")
        expert = on.twice[0].people[1]
        played = Played(scene, Kind.CONSULT, Place("expert:人社劳动", "", (expert,)))
        await played.start()
        await played.do(What.ANSWERED)
        await scene.reaches(Step.CONSULTING)
        await back_at_once(on)
        await played.do(What.JOIN)
        await played.is_heard(Step.JOINED, is_left=False)
        await until(lambda: scene.step is Step.JOINED, 10, "the desks are told")
        assert scene.shown[-1]["name"] == "人社（劳动）专家"
        await is_left_clean(scene, await scene.over())
