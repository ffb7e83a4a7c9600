"""Steps run side by side where they can, in order where they must, and say how long they took."""

import threading

from install.command import InstallError
from install.steps import Step, perform


def never() -> bool:
    return False


def test_a_step_that_is_done_is_not_done_again() -> None:
    said: list[str] = []

    def fail() -> None:
        raise AssertionError("was done again")

    assert perform([Step(title="甲", is_done=lambda: True, do=fail)], said.append)
    assert said == ["[1/1] 甲：已就绪"]


def test_steps_without_order_run_side_by_side() -> None:
    """Each waits for the other: in sequence, this could not end."""
    meeting = threading.Barrier(2, timeout=10)

    def meet() -> None:
        meeting.wait()

    steps = [Step(title=title, is_done=never, do=meet) for title in "甲乙"]
    assert perform(steps, lambda _line: None)


def test_a_step_waits_for_its_forerunner() -> None:
    order: list[str] = []
    steps = [
        Step(title="乙", is_done=never, do=lambda: order.append("乙"), after=("甲",)),
        Step(title="甲", is_done=never, do=lambda: order.append("甲")),
    ]
    assert perform(steps, lambda _line: None)
    assert order == ["甲", "乙"]


def test_a_failed_step_stops_its_followers_but_not_its_neighbours() -> None:
    said: list[str] = []
    done: list[str] = []

    def fail() -> None:
        raise InstallError("源不可用")

    steps = [
        Step(title="甲", is_done=never, do=fail),
        Step(title="乙", is_done=never, do=lambda: done.append("乙"), after=("甲",)),
        Step(title="丙", is_done=never, do=lambda: done.append("丙")),
    ]
    assert not perform(steps, said.append)
    assert done == ["丙"]
    assert "[1/3] 甲：失败\n源不可用" in said
    assert not [line for line in said if "乙" in line]


def test_a_full_disk_is_a_failure_not_a_crash() -> None:
    said: list[str] = []

    def fill() -> None:
        raise OSError(28, "No space left on device")

    assert not perform([Step(title="甲", is_done=never, do=fill)], said.append)
    assert said[-1].startswith("[1/1] 甲：失败：")


def test_a_finished_step_tells_its_seconds_and_remark() -> None:
    said: list[str] = []
    perform([Step(title="甲", is_done=never, do=lambda: "22.10.1")], said.append)
    assert said == ["[1/1] 甲：开始", "[1/1] 甲：完成，0 秒（22.10.1）"]
