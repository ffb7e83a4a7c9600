"""What is wrong with a platform that every file of it, read by itself, does not show. Pure.

Dead targets, loops (``config.loops`` says which), numbers that mean two things, offices nobody
knows or that are out of scope, prompts nobody plays or that are too long, and centres that
contradict each other (``config.together``). All faults at once.
"""

from collections.abc import Collection, Iterator

from config.facts import PROFILE, RECORDINGS
from config.faults import Fault, nearest
from config.ledger import EMERGENCY, HOTLINE, Line, Mode, Seating
from config.ledgertable import (
    DEPARTMENT,
    DESTINATION,
    EXCEPTION,
    LANGUAGE,
    MODE,
    NAME,
    NUMBERS,
    PEER,
)
from config.linkage import LINKAGE, LinkageKind
from config.loops import Loops
from config.overflow import OVERFLOW, TARGET, Where
from config.overrides import PROMPTS
from config.peers import PEERS, RELATIONS, RelationKind
from config.places import OFFICES
from config.platform import Platform
from config.profile import Profile
from config.reachable import unreachable
from config.seats import SEATS, language_skill, languages
from config.together import contradictions
from ivr.linetext import (
    LONGEST_LINE_S,
    full_name,
    greeting_ids,
    hotline_prompt_id,
    spoken_seconds,
)
from ivr.text import has_prompt, number_texts, prompt, queue_texts, standing_texts

SURELY_SHORT = 12
"""A name of so many characters, digits counted twice, takes no longer to say than the next."""
SURELY_FITS_S = 2.9
"""A name that is said in this time fits in every sentence there is: most need not be measured."""
ESTIMATE_IS_LOW_BY_S = 0.5
_BUDGET_S = LONGEST_LINE_S - ESTIMATE_IS_LOW_BY_S


def check(platform: Platform, doubtful: Collection[str] = ()) -> list[Fault]:
    """Every fault of the whole platform, centre by centre.

    ``doubtful`` names the files that have faults of their own (as ``Fault.file``): what they do
    not hold is not said to be missing, for it may be in the part that could not be read.
    """
    faults: list[Fault] = []
    for profile in platform:
        faults += _targets(platform, profile, doubtful)
        if profile.file(SEATS) not in doubtful:
            faults += _languages(profile)
        if not {profile.file(OVERFLOW), profile.file(PEERS)} & set(doubtful):
            faults += _overflows(platform, profile)
        faults += _meanings(profile)
        if profile.offices and profile.file(OFFICES) not in doubtful:
            faults += _units(profile)
        if profile.file(NUMBERS) not in doubtful:
            faults += _prompt_ids(platform, profile)
        faults += _lengths(profile)
    loops = Loops(platform)
    for profile in platform:
        faults += unreachable(profile, loops, doubtful)
    faults += loops.faults()
    faults += contradictions(platform, doubtful)
    return list(dict.fromkeys(faults))


def _targets(platform: Platform, profile: Profile, doubtful: Collection[str]) -> Iterator[Fault]:
    """Numbers that are to be rung where nobody is."""
    peers = [peer.id for peer in profile.peers]
    is_known = profile.file(PEERS) not in doubtful

    def peer(file: str, row: int, column: str, name: str) -> Iterator[Fault]:
        if name and is_known and name not in peers:
            better = nearest(name, peers) if peers else f"先在{PEERS}中写明这个对端"
            yield Fault(profile.file(file), row, column, f"没有「{name}」这个对端", better)

    for line in profile.lines:
        yield from peer(NUMBERS, line.row, PEER, line.peer)
        if line.seating is Seating.KEPT:
            for column, value in ((PEER, line.peer), (DESTINATION, line.destination)):
                if not value:
                    message = f"座席保留在部门，没有写{column}"
                    better = f"该部门座席的{column}；座席已并入的，座席安排写：并入"
                    if line.mode in (Mode.SUB_CENTRE, Mode.KEPT_CENTRE):
                        better = f"{line.mode.chinese}的{column}"
                    yield Fault(profile.file(NUMBERS), line.row, column, message, better)
        if line.mode is Mode.FRONTED and profile.file(RELATIONS) not in doubtful:
            yield from _unfronted(platform, profile, line)
    for relation in profile.relations:
        yield from peer(RELATIONS, relation.row, "对端", relation.peer)
    for linkage in profile.linkage:
        yield from peer(LINKAGE, linkage.row, "对端", linkage.peer)
        yield from peer(LINKAGE, linkage.row, "备用对端", linkage.backup_peer)


def _languages(profile: Profile) -> Iterator[Fault]:
    """Lines whose callers speak what nobody here does."""
    spoken = frozenset[str]().union(*(seat.skills for seat in profile.seats))
    known = languages(spoken)
    for line in profile.lines:
        if line.language and language_skill(line.language) not in spoken:
            better = nearest(line.language, known) if known else f"先在{SEATS}的语言列写明谁会"
            message = f"没有会{line.language}的座席"
            yield Fault(profile.file(NUMBERS), line.row, LANGUAGE, message, better)


def _overflows(platform: Platform, profile: Profile) -> Iterator[Fault]:
    """Steps that lead to a centre or an exchange which there is not."""
    centres = sorted(str(c.centre) for c in platform if c.centre != profile.centre)
    peers = sorted(one.id for one in profile.peers)
    for step in profile.overflow:
        known = {Where.CENTRE: centres, Where.PEER: peers}.get(step.where, [step.target])
        if not step.target or step.target in known:
            continue
        better = nearest(step.target, known) if known else "删去这一行"
        message = f"没有「{step.target}」这个{step.where.value}"
        yield Fault(profile.file(OVERFLOW), step.row, TARGET, message, better)


def _unfronted(platform: Platform, profile: Profile, line: Line) -> Iterator[Fault]:
    here = {centre.centre for centre in platform}
    if not any(
        relation.area_code
        and relation.kind is not RelationKind.UPPER
        and (relation.peer or relation.centre in here)
        for relation in profile.relations
    ):
        message = f"{RELATIONS}中没有前置的热线，来电无处接转"
        better = f"在{RELATIONS}中写明前置的热线"
        yield Fault(profile.file(NUMBERS), line.row, MODE, message, better)


def _meanings(profile: Profile) -> Iterator[Fault]:
    """Numbers that mean two things."""
    linked = {linkage.number: linkage for linkage in profile.linkage}
    for seat in profile.seats:
        if seat.extension in linked and seat.extension not in EMERGENCY:
            message = f"分机{seat.extension}与{linked[seat.extension].name}的号码相同"
            yield Fault(profile.file(SEATS), seat.row, "分机", message, "另一个分机号")
    for linkage in profile.linkage:
        line = profile.by_number.get(linkage.number)
        if line is not None and line.mode is Mode.WHOLE:
            message = f"{linkage.number}已整体并入12345（{NUMBERS}第{line.row}行）"
            yield Fault(profile.file(LINKAGE), linkage.row, "号码", message, "删去这一行")
        if linkage.kind is LinkageKind.EMERGENCY:
            continue
        for column, number in (
            ("转接号码", linkage.destination),
            ("备用号码", linkage.backup_destination),
        ):
            if number in EMERGENCY:
                message = f"{linkage.name}不是紧急电话，不得转到{number}"
                yield Fault(profile.file(LINKAGE), linkage.row, column, message, "该服务自己的号码")


def _units(profile: Profile) -> Iterator[Fault]:
    """Numbers of offices nobody knows, and of offices that are left out here."""
    offices = {office.name: office for office in profile.offices}
    called = {alias: office.name for office in profile.offices for alias in office.aliases}
    for line in profile.lines:
        for entry in line.entries:
            at = (profile.file(NUMBERS), entry.row, DEPARTMENT)
            office = offices.get(entry.department)
            if office is None:
                name = entry.department
                message = f"{OFFICES}中没有「{name}」这个部门"
                yield Fault(*at, message, called.get(name) or _nearest(name, list(offices)))
            elif office.kind in profile.scope_out and not line.exception:
                message = f"{office.name}属于{office.kind}，这类号码不在整合范围内"
                yield Fault(*at, message, f"删去这一行，或写明{EXCEPTION}")


def _nearest(written: str, offices: list[str]) -> str:
    found = nearest(written, offices)
    return found if found in offices else f"先在{OFFICES}中写明这个部门"


def _prompt_ids(platform: Platform, profile: Profile) -> Iterator[Fault]:
    """Words and recordings for prompts that nobody plays."""
    shared = {found.id for found in (*standing_texts(), *queue_texts(), *number_texts())}
    is_home = profile is platform.home
    by_rule = profile.model_copy(update={"overrides": {}})  # words make no prompt
    numbers = {str(line.number) for line in profile.lines}

    def is_played(name: str) -> bool:
        return has_prompt(by_rule, name) and (is_home or name not in shared)

    def better(name: str) -> str:
        if name in shared:
            return "写在最上级的目录中：各中心共用这个提示音"
        number = name.removeprefix(f"{profile.centre}-").partition("-")[0]
        if number.isdecimal() and number not in {HOTLINE, *numbers}:
            return f"删去它，或把号码{number}写回{NUMBERS}"
        return f"如{profile.centre}-12345或{profile.centre}-12333-transition"

    for name, override in profile.overrides.items():
        if not is_played(name):
            message = f"没有「{name}」这个提示音"
            yield Fault(profile.file(PROMPTS), override.row, "提示音", message, better(name))
    for name in profile.recorded:
        if not is_played(name):
            file = profile.file(f"{RECORDINGS}/{name}")
            yield Fault(file, 0, "", "没有这个提示音，录音用不上", better(name))


def _lengths(profile: Profile) -> Iterator[Fault]:
    """Prompts that keep a caller from a person for too long, as far as they can be estimated."""
    for name, override in profile.overrides.items():
        if seconds := _too_long(profile, name, LONGEST_LINE_S):
            column, better = "文字", "缩短文字，或加快语速"
            if not override.text:
                column, better = "语速", "1，或更快"
            message = f"提示音{name}{seconds}"
            yield Fault(profile.file(PROMPTS), override.row, column, message, better)
    hotline = hotline_prompt_id(profile.centre)
    if hotline not in profile.overrides and (seconds := _too_long(profile, hotline)):
        message, better = f"提示音{hotline}{seconds}", _better(hotline)
        yield Fault(profile.file(PROFILE), 0, "name", message, better)
    for line in profile.lines:
        if _may_be_long(line):
            yield from _line_length(profile, line, {hotline, *profile.overrides})


def _line_length(profile: Profile, line: Line, told: Collection[str]) -> Iterator[Fault]:
    """The first of the line's own prompts that is too long, if one is."""
    for name in greeting_ids(profile, line):
        if name not in told and (seconds := _too_long(profile, name)):
            message = f"提示音{name}{seconds}"
            yield Fault(profile.file(NUMBERS), line.row, NAME, message, _better(name))
            return


def _too_long(profile: Profile, name: str, at_most: float = _BUDGET_S) -> str:
    """How long the prompt is, in words, when that is too long; '' when not or when recorded.

    A recording's length is judged when it is taken. Words made by rule must be short enough by
    the worst estimate; of those that somebody chose, only what is surely too long is refused.
    """
    if name in profile.recorded or not has_prompt(profile, name):
        return ""
    said = prompt(profile, name)
    seconds = spoken_seconds(said.text, said.speed)
    if seconds <= at_most:
        return ""
    return f"可能有{seconds + ESTIMATE_IS_LOW_BY_S:.1f}秒，不得超过{LONGEST_LINE_S:.0f}秒"


def _better(name: str) -> str:
    return f"缩短名称，或在{PROMPTS}中写明{name}的文字"


def _may_be_long(line: Line) -> bool:
    """Whether it is worth while to put the line's sentences together and measure them."""
    written = sum(len(entry.name) + sum(map(str.isdigit, entry.name)) for entry in line.entries)
    return written > SURELY_SHORT and spoken_seconds(full_name(line)) > SURELY_FITS_S
