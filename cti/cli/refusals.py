"""What the ledger refuses, as administrators read it on a terminal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

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
    RevisionUnknown: lambda d: f"没有版本 {d.get('number')}, 或它的文件已不再保留",
    DialplanRefused: lambda d: (
        f"Asterisk 没有接受, 原来的号码表继续使用: {d.get('why') or d.get('wrong')}"
    ),
    CentreUnknown: lambda d: f"平台上没有中心 {d.get('centre')}",
    TableChanged: lambda _: "号码表刚刚被别人改过, 请再试一次",
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
        say_refused(SAID[type(error)](error.details))
        raise Refused from None
    except AsteriskMissingError as missing:
        say_refused(f"找不到 Asterisk ({missing}), 请运行 make run 补装")
        raise Refused from None
    except (VoiceModelMissing, VoiceUnknown) as error:
        say_refused(f"提示音无法合成, 原来的号码表继续使用: {error}")
        raise Refused from None
