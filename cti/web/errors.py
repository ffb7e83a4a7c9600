"""What went wrong, for programs (a stable id) and for people (a Chinese sentence).

Only this module knows HTTP statuses. Domain errors are found here by their id; a test demands
that each of them is.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict

from aiohttp import web

from config.faults import ProfileFaults
from cti.errors import DomainError

SAYINGS: Mapping[str, tuple[int, str]] = {
    # domain
    "seat-unknown": (404, "本中心没有这个座席号。"),
    "seat-empty": (409, "这位话务员已不在这个座席上。"),
    "skill-unknown": (422, "本中心没有这项技能，可能刚刚改过，请刷新后再试。"),
    "agent-away": (409, "这位话务员现在没有签入本中心的座席。"),
    "nobody-seated": (409, "本中心现在没有别的话务员签入座席，没有发出。"),
    "note-unknown": (404, "没有发给您的这条消息。"),
    "seat-taken": (409, "这个座席已有人签入。"),
    "not-signed-in": (409, "您还没有签入座席。"),
    # the desk
    "already-signed-in": (409, "您已在别的座席签入，请先签出。"),
    "reason-missing": (422, "请填写示忙原因。"),
    "reason-too-long": (422, "示忙原因不能超过 40 个字。"),
    "bad-message": (400, "消息格式不正确。"),
    "too-many-desks": (429, "同一账号打开的工作台太多，请关闭几个。"),
    "websocket-expected": (426, "此地址只接受 WebSocket 连接。"),
    # who asks
    "not-authenticated": (401, "请先登录。"),
    "wrong-password": (401, "用户名或密码不对。"),
    "too-many-attempts": (429, "登录失败次数过多，请稍后再试。"),
    "old-password-wrong": (403, "原密码不对。"),
    "password-same": (422, "新密码不能与原密码相同。"),
    "password-changed": (409, "您的密码刚刚已被改过，没有再改。请退出后用新密码登录。"),
    "password-of-program": (403, "程序没有密码；令牌由管理员用 hotline tokens 更换。"),
    "user-taken": (409, "这个用户名已有人使用（可能在别的中心），请换一个。"),
    "user-unknown": (404, "本中心没有这个用户。"),
    "last-administrator": (409, "本中心至少要有一名在用的管理员，请先指定另一名。"),
    "other-centre": (403, "只能查看本中心的记录；省级中心可查看、不能修改下级中心的记录。"),
    "screen-asks": (422, "大屏只能查看按号码、按半小时的统计。"),
    "role-refused": (403, "您的角色不能进行这项操作。"),
    "origin-refused": (403, "请求来源不可信，已拒绝。"),
    # what is asked
    "malformed-request": (400, "请求无法识别。"),
    "malformed-json": (400, "请求内容不是有效的 JSON。"),
    "invalid-body": (422, "请求内容有误，请检查所列字段。"),
    "invalid-query": (422, "查询条件有误，请检查所列参数。"),
    "not-found": (404, "没有找到所请求的内容。"),
    "method-not-allowed": (405, "此地址不支持这种请求方法。"),
    "too-large": (413, "请求内容过大。"),
    "unsupported-media-type": (415, "请求内容须为 application/json。"),
    "order-unknown": (404, "没有这张工单。"),
    "order-already-submitted": (409, "工单已提交，不能再修改。"),
    "order-incomplete": (422, "工单还有必填内容没有填写，请补充后再提交。"),
    "order-changed": (409, "工单刚刚被别人改过，请刷新后再试。"),
    "call-unknown": (404, "没有这通电话。"),
    "not-your-call": (403, "只能查看本人接听的电话。"),
    "recording-missing": (404, "这通电话的录音不存在或尚未生成。"),
    "range-unsatisfiable": (416, "请求的录音区间超出范围。"),
    # the knowledge base
    "article-unknown": (404, "知识库里没有这一条，可能刚刚更新过。"),
    "report-unknown": (404, "没有这条报告。"),
    # call-backs
    "callback-unknown": (404, "本中心没有这个回拨任务。"),
    "callback-not-open": (409, "这个回拨任务已经了结，不用再回拨。"),
    "callback-taken": (409, "这个回拨任务已由别人认领。"),
    "callback-not-claimed": (409, "请先认领这个回拨任务；认领十分钟后失效。"),
    "seat-busy": (409, "座席正在振铃或通话，请稍后再试。"),
    "phone-missing": (409, "话机未连，不能呼出或监听。"),
    "phone-idle": (409, "您的话机现在没有这通电话，或还不能这样操作。"),
    "page-phone-missing": (409, "这个座席还没有网页电话，请管理员应用一次号码表。"),
    "no-way-out": (409, "本中心没有配置呼出线路（dial_out），请用其他电话回拨后登记结果。"),
    "citizen-on-call": (409, "这位市民正在与本中心通话或正被呼叫，请稍后再试。"),
    "number-missing": (409, "这张工单没有可以呼叫的号码。"),
    "order-anonymous": (403, "来电人要求匿名，只有接听这通来电的话务员和班长可以呼叫。"),
    "follow-up-unknown": (404, "本中心没有这个回访任务。"),
    "follow-up-not-open": (409, "这个回访任务已经了结，不用再回访。"),
    "follow-up-taken": (409, "这个回访任务已由别人认领。"),
    "follow-up-not-claimed": (409, "请先认领这个回访任务；认领十分钟后失效。"),
    "order-not-submitted": (409, "工单还没有提交，或已作废，不能办结。"),
    # moves
    "not-on-call": (409, "这通电话不在您的座席上通话，不能转接。"),
    "move-under-way": (409, "这通电话正在转接，请先完成或取消。"),
    "target-unknown": (404, "没有这个转接目标，可能刚刚改过，请刷新后再试。"),
    "target-closed": (409, "现在不是对方的工作时间，请选择值班电话或稍后再试。"),
    "target-told-only": (409, "这里不接受转接，请把号码告诉来电人。"),
    "target-other-way": (409, "不能用这种方式转到这里，请换一种方式。"),
    "target-is-you": (409, "不能转接给自己。"),
    "target-was-there": (409, "来电已经过那里，不能再转回去。"),
    "target-busy": (409, "对方现在都在忙，或暂时无法呼叫。"),
    "emergency-under-way": (409, "这个紧急电话已在呼叫或等候呼叫，不必再按。"),
    "caller-gone": (409, "来电人已不在线上。"),
    "number-refused": (422, "这不是可以转接的号码。"),
    "number-not-allowed": (403, "您不能转接到自行输入的号码，请从目录中选择，或请班长转接。"),
    "not-an-emergency": (422, "紧急转接只用于紧急电话。"),
    "move-unknown": (404, "没有这次转接，可能已经结束。"),
    "not-your-move": (403, "这次转接由别的座席进行。"),
    "move-key-refused": (409, "转接进行到这一步，不能这样操作。"),
    "not-talking": (409, "这通电话现在没有座席在接听。"),
    "hears-another": (409, "您正在监听另一通电话，请先挂机。"),
    "not-hearing": (409, "请先监听这通电话、接起本席话机，再接管。"),
    "supervise-under-way": (409, "正在切换方式或接管，请稍候再试。"),
    "switch-away": (503, "与话务交换机的连接正在恢复，请稍候再试；紧急时请直接用电话拨打。"),
    # other systems' pages
    "pop-off": (409, "本中心没有设置弹屏地址（pop_url），也没有可嵌入座席的网页（page_origins）。"),
    "pop-key-gone": (404, "这个一次性密钥不存在、已用过或已过期，请从座席页面重新打开。"),
    # nuisance callers
    "nuisance-number": (422, "这不是可以列入名单的来电号码；紧急电话和热线的号码不能列入。"),
    "nuisance-until": (422, "到期时间应在现在之后、一年之内。"),
    "nuisance-listed": (409, "这个号码已在名单中；要改期限或原因，请先移除再列入。"),
    "nuisance-unknown": (404, "本中心的名单中没有这一条。"),
    # other houses
    "house-unknown": (404, "本中心的联动号码、分中心和上下级热线中没有这一家。"),
    "case-unknown": (404, "没有这个编号的案件。"),
    "case-differs": (409, "这个编号已报送过，内容不同；请换用新编号，或在工单中补充。"),
    "message-unknown": (404, "没有发送过这条联动信息。"),
    "answer-differs": (409, "这条联动信息已答复过，内容不同。"),
    # the ledger
    "profile-faults": (422, "归并号码表或城市配置有误，未生效；请按所列逐项改正。"),
    "tag-missing": (428, "请在 If-Match 中带上所依据的表的版本，以免覆盖别人的修改。"),
    "table-changed": (412, "这张表刚刚被别人改过，请重新读取后再改。"),
    "table-unknown": (404, "没有这张资料表。"),
    "home-only": (403, "只能管理本中心；全平台的应用和回退由主中心管理员进行。"),
    "centre-unknown": (404, "平台上没有这个中心。"),
    "revision-unknown": (404, "没有这个版本。"),
    "operation-unknown": (404, "没有这次操作，或已不再保留。"),
    "operation-under-way": (409, "另一次应用或回退正在进行，请等它结束。"),
    "apply-busy": (409, "另一次应用或回退正在进行（可能来自命令行），请稍后再试。"),
    "dialplan-refused": (502, "Asterisk 没有接受新的号码表，已恢复原来的。"),
    "prompt-unknown": (404, "没有这个提示音。"),
    "prompt-not-made": (404, "这个提示音还没有合成，应用时会自动合成。"),
    "recording-unusable": (422, "这个录音不能用作提示音。"),
    "store-unavailable": (503, "数据库暂时不可用，请稍后再试，通话不受影响。"),
    "internal-error": (500, "服务器内部错误，已记录。"),
}

_BY_STATUS = {
    400: "malformed-request",
    401: "not-authenticated",
    403: "role-refused",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    416: "range-unsatisfiable",
    426: "websocket-expected",
    429: "too-many-attempts",
}
Details = Mapping[str, object]


class Refused(Exception):  # noqa: N818 - an error is named for what is wrong
    """The web edge refuses a request. ``id`` is one of ``SAYINGS``."""

    def __init__(self, id: str, /, *, headers: Mapping[str, str] | None = None, **details: object):
        super().__init__(id)
        self.id = id
        self.details: Details = details
        self.headers = dict(headers or {})


def saying(id: str) -> tuple[int, str]:
    """The HTTP status and the Chinese sentence of an error id. Unknown ids are conflicts."""
    return SAYINGS.get(id, (409, "操作未被接受。"))


def error_body(id: str, details: Details | None = None) -> dict[str, dict[str, object]]:
    """The one shape of every error, over HTTP and over the desk's websocket."""
    return {"error": {"id": id, "message": saying(id)[1], "details": dict(details or {})}}


def error_answer(
    id: str, details: Details | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An HTTP answer that carries an error."""
    return web.Response(
        status=saying(id)[0],
        text=json.dumps(error_body(id, details), ensure_ascii=False),
        content_type="application/json",
        headers=headers,
    )


def told_of(error: Exception) -> tuple[str, Details] | None:
    """A known refusal's id and details; None for what is none of ours."""
    match error:
        case ProfileFaults():
            return error.id, {"faults": [asdict(fault) for fault in error.faults]}
        case Refused() | DomainError():
            return error.id, error.details
        case _:
            return None


def answer_of(error: Exception) -> web.Response | None:
    """The answer a known error has; None for a fault of ours, to be logged and answered 500."""
    told = told_of(error)
    if told is not None:
        return error_answer(*told, headers=error.headers if isinstance(error, Refused) else None)
    match error:
        case web.HTTPException() if error.status >= 400:
            id = _BY_STATUS.get(error.status, "malformed-request")
            kept = {k: v for k, v in error.headers.items() if k in ("Allow", "Content-Range")}
            answer = error_answer(id, headers=kept)
            answer.set_status(error.status)
            return answer
        case _:
            return None
