"""The tables of a centre beside its numbers, as people edit them: names, columns, what fits. Pure.

What a cell may say is judged where the table is read; this is what an editor shows beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from config import callers, contacts, duties, linkage, overflow, owndays, peers, places, seats
from config.experts import EXPERTS, WAYS
from config.handling import Handling
from config.knowledge import KNOWLEDGE
from config.ledgerview import FaultShown, LastWrite, Shown
from config.openings import OPENINGS, Occasion
from config.overrides import PROMPTS
from config.rules import REFUSALS


class ColumnShown(Shown):
    """One column of a table."""

    name: str
    """As the header of the file has it."""
    english: str
    is_needed: bool
    """Whether the table cannot be read without it."""
    choices: list[str]
    """What a cell may say, where only some words fit; empty: see ``hint``."""
    hint: str
    """How a cell is written, in Chinese; '' where its name says it."""


class TableNamed(Shown):
    """A table that can be edited."""

    table: str
    """Its name in an address."""
    chinese: str
    english: str


class TablesShown(Shown):
    """All of them, in the order in which they are offered."""

    items: list[TableNamed]


class TableShown(TableNamed):
    """A table of a centre's working copy, faults and all."""

    centre: str
    tag: str
    """Changes with every change of the table; what ``If-Match`` wants."""
    in_force: int | None
    """The revision in force; null when none was ever applied."""
    is_applied: bool
    """Whether the working copy is what is in force."""
    file: str
    """What faults of this table call it: those of other files are told beside it."""
    header: list[str]
    further: list[str]
    """Columns that the table may have and has not."""
    columns: list[ColumnShown]
    """What is known of its columns; one that only this city has is not among them."""
    keys: list[str]
    """The columns by which a row is known again; the first of them alone often does."""
    rows: list[dict[str, str]]
    row_lines: list[int]
    """The line of the file at which each row stands."""
    written_from: int
    """The line of the file at which the first row stands once the rows are put."""
    written: LastWrite | None
    """Null: there is no such file."""
    faults: list[FaultShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of a table before it is read."""

    file: str
    chinese: str
    english: str
    columns: Sequence[ColumnShown]
    keys: int = 1
    """How many of the first columns tell a row from the others."""

    @property
    def name(self) -> str:
        """Its name in an address."""
        return self.file.removesuffix(".csv")

    def named(self) -> TableNamed:
        """What it is called."""
        return TableNamed(table=self.name, chinese=self.chinese, english=self.english)

    def header(self, written: Sequence[str]) -> list[str]:
        """The columns of a table that has those, or of one that has none yet."""
        return list(written or [column.name for column in self.columns if column.is_needed])


def _needed(name: str, english: str, hint: str = "", *, of: Sequence[str] = ()) -> ColumnShown:
    return ColumnShown(name=name, english=english, is_needed=True, choices=list(of), hint=hint)


def _may(name: str, english: str, hint: str = "", *, of: Sequence[str] = ()) -> ColumnShown:
    return ColumnShown(name=name, english=english, is_needed=False, choices=list(of), hint=hint)


def _words(kinds: type[Enum]) -> list[str]:
    return [str(kind.value) for kind in kinds]


_LINES = _may("线路", "Lines", "哪些号码的来电，用、分开；不写是全部")
_PEER = _may("对端", "Peer", "「对端」表里的名称；不写由运营商拨出")
_RING = _may("振铃秒", "Ring (s)", "5到60")
_DAYS = "2026-12-01、2026-12-01至2026-12-03、每天、工作日、每周一、周四、每月5日、每月第一个周三"
_HOURS = "08:30-12:00,14:30-17:30；不写是全天；跨过零点的写成两行"
_WORKING = _may("座席时间", "Hours", "工作日 08:30-12:00,14:30-17:30、每天 08:00-20:00、全天")
_INTERFACE = _may("接口", "Interface", "转接时把来电信息推送到哪个网址")
_WHEN = (
    _may("次序", "Order", "1、2、3……，先振的在前；不写在最后"),
    _may("日期", "Days", _DAYS),
    _may("时间", "Hours", _HOURS),
    _RING,
)
_SEAT = _may("座席", "Seat", "本中心的分机；写了座席就不写对端和号码")
_NOTE = _may("说明", "Note", "转接面板上显示")
_HANDLED = [way.value for way in WAYS]
_ALL: Final = (
    Table(
        file=places.OFFICES,
        chinese="部门",
        english="Offices",
        columns=(
            _needed("部门", "Office", "部门全称，每个部门一行"),
            _needed("别称", "Also called", "群众对它的叫法，用、分开"),
            _may("类型", "Kind", of=places.OFFICE_KINDS),
        ),
    ),
    Table(
        file=seats.SEATS,
        chinese="座席",
        english="Seats",
        columns=(
            _needed("分机", "Extension", "三到六位数字，不以0开头"),
            _needed("姓名", "Name"),
            _needed("技能", "Skills", "用、分开，后面的数字是等级，1最好：人社2、通用"),
            _may("类别", "Kind", of=seats.KINDS),
            _may("语言", "Languages", "普通话以外会的语言，也可以写等级：蒙古语、藏语2"),
        ),
    ),
    Table(
        file=duties.DUTIES,
        chinese="值班日",
        english="Duty days",
        keys=3,
        columns=(
            _needed("日期", "Days", _DAYS),
            _may("时间", "Hours", _HOURS),
            _needed("名称", "Name", "来电卡片上显示"),
            _may("类别", "Kind", of=duties.KINDS),
            _LINES,
            _needed("座席", "Seats", "分机，用、分开"),
        ),
    ),
    Table(
        file=owndays.DAYS,
        chinese="本地日历",
        english="Own days",
        columns=(
            _needed(
                owndays.DATE, "Days", "2026-08-18、2026-08-18至2026-08-20；国家的放假调休不用写"
            ),
            _needed(owndays.KIND, "Kind", of=_words(owndays.DayKind)),
            _may(owndays.NAME, "Name", "如自治区成立纪念日"),
        ),
    ),
    Table(
        file=linkage.LINKAGE,
        chinese="联动线路",
        english="Linked services",
        columns=(
            _needed("号码", "Number", "110、119、120、122或公共服务的号码，每个号码一行"),
            _needed("名称", "Name"),
            _needed("类别", "Kind", of=_words(linkage.LinkageKind)),
            _needed("处理", "Handling", of=_words(Handling)),
            _may("对端", "Peer", "「对端」表里的名称"),
            _may("转接号码", "Dialled there", "在对端拨什么"),
            _may("备用对端", "Backup peer", "对端不通时经哪里"),
            _may("备用号码", "Backup number", "在备用对端拨什么"),
            _WORKING,
            _RING,
            _INTERFACE,
            _may("备注", "Remark"),
        ),
    ),
    Table(
        file=contacts.CONTACTS,
        chinese="部门电话",
        english="Office telephones",
        keys=5,
        columns=(
            _needed("部门", "Office", "与「部门」表一致"),
            _needed("类别", "Kind", of=_words(contacts.ContactKind)),
            _SEAT,
            _PEER,
            _may("号码", "Number"),
            *_WHEN,
            _may("处理", "Handling", of=_words(Handling)),
            _may("告知号码", "Told number", "没人接时，告诉来电人自己拨的号码"),
            _may("24小时响应", "Always answers", of=("是", "否")),
            _NOTE,
        ),
    ),
    Table(
        file=EXPERTS,
        chinese="专家",
        english="Experts",
        keys=2,
        columns=(
            _needed("专业", "Trade", "同一专业的几行依次振铃"),
            _needed("姓名", "Name", "人或岗位"),
            _SEAT,
            _PEER,
            _may("号码", "Number"),
            _LINES,
            *_WHEN,
            _may("处理", "Handling", of=_HANDLED),
            _NOTE,
        ),
    ),
    Table(
        file=peers.PEERS,
        chinese="对端",
        english="Peers",
        columns=(
            _needed("对端", "Peer", "小写字母和数字，整个平台不重名"),
            _needed("名称", "Name"),
            _needed("地址", "Address", "IPv4地址或主机名"),
            _may("端口", "Port", "不写是5060"),
            _INTERFACE,
        ),
    ),
    Table(
        file=peers.RELATIONS,
        chinese="上下级热线",
        english="Other hotlines",
        keys=2,
        columns=(
            _needed("关系", "Relation", of=_words(peers.RelationKind)),
            _needed("中心", "Centre", "中心代号，小写字母和数字"),
            _needed("名称", "Name"),
            _may("区号", "Area code"),
            _may("对端", "Peer", "「对端」表里的名称；同在本平台的、不接电话的不写"),
            _may("号码", "Number", "在对端拨什么"),
            _WORKING,
            _RING,
            _may("处理", "Handling", of=[way.value for way in peers.RELATED]),
            _may("备注", "Remark"),
        ),
    ),
    Table(
        file=overflow.OVERFLOW,
        chinese="溢出",
        english="Overflow",
        columns=(
            _needed("次序", "Order", "1、2、3……，各行不同"),
            _LINES,
            _needed("等待秒", "Waited (s)", "0到3600"),
            _may("每席等待人数", "Waiting per seat", "如1.5；不写是不看人数"),
            _needed("去向", "Where", of=_words(overflow.Where)),
            _may("目标", "Target", "哪个技能、中心或对端"),
            _may("号码", "Number", "在对端拨什么"),
            _may("时段", "When", of=(overflow.ALL_DAY, overflow.NIGHT)),
        ),
    ),
    Table(
        file=callers.CALLERS,
        chinese="认识的来电人",
        english="Known callers",
        columns=(
            _needed("号码", "Number"),
            _needed("名称", "Name", "来电卡片上显示"),
            _needed("类别", "Kind", of=callers.KINDS),
            _may("技能", "Skill", "先找有这个技能的座席"),
            _may("到期", "Until", "2026-12-31，那天还算；不写长期有效"),
        ),
    ),
    Table(
        file=REFUSALS,
        chinese="不予受理",
        english="Not taken on",
        columns=(
            _needed("编号", "Id", "小写字母和连字符，如state-secret"),
            _needed("理由", "Reason"),
            _needed("话术", "Words"),
            _may("出处", "Source"),
        ),
    ),
    Table(
        file=OPENINGS,
        chinese="开场白",
        english="Openings",
        keys=2,
        columns=(
            _needed("场合", "Occasion", of=_words(Occasion)),
            _LINES,
            _needed("话术", "Words", "可以写{热线}、{线路}、{部门}、{值班}、{名称}、{来自}"),
        ),
    ),
    Table(
        file=KNOWLEDGE,
        chinese="知识库",
        english="Knowledge",
        columns=(
            _needed("编号", "Id", "小写字母、数字和连字符"),
            _needed("标题", "Title"),
            _may("问法", "Asked as", "群众怎么问，用；分开"),
            _needed("答复", "Answer"),
            _needed("单位", "Office", "与「部门」表一致"),
            _may("生效", "Since", "2026-01-01"),
            _may("失效", "Until", "2026-12-31，那天还算"),
            _may("出处", "Source"),
        ),
    ),
    Table(
        file=places.GAZETTEER,
        chinese="地名",
        english="Places",
        keys=2,
        columns=(
            _needed("旗县区", "District"),
            _needed("苏木乡镇街道", "Township"),
            _may("市州", "Prefecture"),
        ),
    ),
    Table(
        file=PROMPTS,
        chinese="提示音文字",
        english="Prompt words",
        columns=(
            _needed("提示音", "Prompt", "提示音的编号，见「提示音」"),
            _may("音色", "Voice", "如zm_yunxi；不写照常"),
            _may("语速", "Speed", "0.5到2.0，1为正常"),
            _may("文字", "Words", "要说的话；不写照常"),
        ),
    ),
)
TABLES: Final[Mapping[str, Table]] = {table.name: table for table in _ALL}
"""By their names in addresses."""


def unknown_in(
    table: Table, written: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> list[str]:
    """Columns of those rows that neither the table has nor anybody knows."""
    known = {*written, *(column.name for column in table.columns)}
    return [
        name for name in dict.fromkeys(name for row in rows for name in row) if name not in known
    ]


def widened(table: Table, written: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The header with the columns that the rows use besides."""
    header = table.header(written)
    used = {name for row in rows for name, cell in row.items() if cell}
    return [*header, *(one.name for one in table.columns if one.name in used - {*header})]
