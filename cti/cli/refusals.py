"""What the ledger refuses, as administrators read it on a terminal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NoReturn

from config.applylock import ApplyBusy
from config.asteriskroot import AsteriskMissingError
from config.faults import ProfileFaults
from config.render import DialplanRefused
from config.revisions import RevisionUnknown
from cti.cli.faults import faults_json, show_faults
from cti.cli.options import Refused, answer, say_refused
from cti.errors import DomainError
from cti.workingcopy import CentreUnknown, TableChanged
from ivr.voice import VoiceModelMissing, VoiceUnknown

SAID: Final[Mapping[type[DomainError], Callable[[Mapping[str, str]], str]]] = {
    ApplyBusy: lambda d: (
        f"另一次应用或回退正在进行 ({d.get('who')}, 进程 {d.get('pid')}, 自 {d.get('since')}), "
        "请稍后再试"
    ),
    RevisionUnknown: lambda d: (
        "还没有应用过任何版本"
        if d.get("number") == "0"
        else f"没有版本 {d.get('number')}, 或它的文件已不再保留"
    ),
    DialplanRefused: lambda d: (
        f"Asterisk 没有接受, 原来的号码表继续使用: {d.get('why') or d.get('wrong')}"
    ),
    CentreUnknown: lambda d: f"平台上没有中心 {d.get('centre')}",
    TableChanged: lambda _: "这张表刚刚被别人改过, 请再试一次",
}


@contextmanager
def refusing(*, as_json: bool) -> Iterator[None]:
    """Whatever the ledger refuses inside the block is said, and ends the command with status 1."""
    try:
        yield
    except ProfileFaults as faults:
        if as_json:
            answer(faults_json(faults), as_json=True, show=lambda: None)
        else:
            show_faults(faults)
        raise Refused from None
    except tuple(SAID) as error:
        _refuse(error.id, SAID[type(error)](error.details), error.details, as_json=as_json)
    except AsteriskMissingError as missing:
        told = f"找不到 Asterisk ({missing}), 请运行 make run 补装"
        _refuse("asterisk-missing", told, {}, as_json=as_json)
    except (VoiceModelMissing, VoiceUnknown) as error:
        told = f"提示音无法合成, 原来的号码表继续使用: {error}"
        _refuse("prompts-not-made", told, {}, as_json=as_json)


def _refuse(id_: str, told: str, details: Mapping[str, str], *, as_json: bool) -> NoReturn:
    """Say it to people, or to programs as HTTP does, and end the command."""
    body = {"error": {"id": id_, "message": told, "details": dict(details)}}
    answer(body, as_json=as_json, show=lambda: say_refused(told))
    raise Refused from None
