"""The first draft: what a call was about, from its transcript and what signalling knows. Pure.

Rules only. Every field that is filled carries its evidence: who said it when, in which words, or
which rule put it there. What nothing speaks for stays null: an agent fills a gap faster than
finding an error.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from config.hours import read_hours
from config.profile import Profile
from config.workdays import CHINA
from cti.effects import WriteJournal
from records import moves
from records.amount import find_amounts
from records.anonymity import wish_evidence
from records.callrecord import CallRecord
from records.deadlines import with_deadlines
from records.demand import CHINESE
from records.draft import (
    Amount,
    Dialled,
    Evidence,
    Gap,
    Place,
    Recording,
    When,
    WorkOrderDraft,
    opening,
)
from records.draft import Transcript as TranscriptField
from records.engine.protocol import Transcript
from records.gist import Sentence, gist, headline, sentences
from records.learned import Guess, Learned
from records.masking import spoken_numbers
from records.moment import find_moment
from records.office import topics
from records.said import Said, joined
from records.urgency import find_urgency
from records.verdict import both, find_demand, find_lead
from records.whereabouts import find_place
from records.wordless import wordless

_SURNAME = re.compile(r"我姓([\u4e00-\u9fff])(?=[，。、,.\s]|$)")
_NAME = re.compile(
    r"我(?:的名字)?(?:叫|是)([\u4e00-\u9fff]{2,3})(?=[，。,.]我?的?(?:电话|手机|身份证))"
)


def extract(
    record: CallRecord,
    transcript: Transcript,
    profile: Profile,
    seconds: float | None = None,
    journal: Sequence[WriteJournal] = (),
    learned: Learned | None = None,
) -> WorkOrderDraft:
    """Write the draft. ``seconds`` is the recording's length, None when there is no recording.

    ``journal``: the call's, for where it was moved. Without ``learned`` weights demand and office
    come from the words of the trade alone.
    """
    draft = _frame(record, transcript, profile, seconds)
    draft = _filled(draft, moves.evidence(record, journal), moves=moves.shown(record, journal))
    unsaid = wordless(record, transcript)
    if unsaid is not None:
        return _filled(draft, unsaid.evidence, title=unsaid.title, summary=unsaid.summary)
    said = joined(s for s in transcript.segments if s.channel == "caller")
    local = record.arrived_at.astimezone(CHINA)
    demand_guess, office_guess = both(said.text, learned)
    draft = _with_demand(draft, said, demand_guess)
    draft = _with_place(draft, said, profile)
    draft = _with_when(draft, said, local)
    draft = _with_amounts(draft, said)
    draft = _with_caller(draft, said, transcript)
    draft = _with_offices(draft, said, record, profile, office_guess)
    draft = _with_urgency(draft, said)
    draft = _with_gist(draft, said)
    accept = Evidence(field="decision", kind="rule", text="有诉求，默认受理，由话务员确认")
    draft = _filled(draft, [accept], decision="accept")
    work = read_hours(profile.work_hours)
    return with_deadlines(draft, profile.limits, work, calendar=profile.calendar)


def _filled(
    draft: WorkOrderDraft, evidence: Iterable[Evidence], **fields: object
) -> WorkOrderDraft:
    return draft.model_copy(update={**fields, "evidence": (*draft.evidence, *evidence)})


def _frame(
    record: CallRecord, transcript: Transcript, profile: Profile, seconds: float | None
) -> WorkOrderDraft:
    """What is known without understanding a word."""
    draft = opening(record)
    line = profile.line(record.line)
    where = f"号码归并表第{line.row}行" if line.row else "热线本号"
    dialled = Dialled(
        number=record.line,
        name=line.name,
        department=line.department or None,
        mode=line.mode.value,
    )
    named = [
        Evidence(field=f"dialled.{field}", kind="rule", text=f"{where}：{value}")
        for field, value in (
            ("name", line.name),
            ("department", line.department),
            ("mode", line.mode.chinese),
        )
        if value
    ]
    confidence = transcript.confidence
    heard = TranscriptField(
        engine=transcript.engine or None,
        confidence=None if confidence is None else round(confidence, 3),
        gaps=tuple(
            Gap(channel=g.channel, start_s=g.start_s, end_s=g.end_s) for g in transcript.gaps
        ),
    )
    url = None if seconds is None else f"/api/v1/calls/{record.call}/recording"
    return _filled(
        draft,
        named,
        dialled=dialled,
        transcript=heard,
        recording=Recording(url=url, seconds=None if seconds is None else round(seconds, 2)),
    )


def _with_demand(draft: WorkOrderDraft, said: Said, guess: Guess | None) -> WorkOrderDraft:
    demand = find_demand(said.text, guess)
    if demand.kind is None:
        return draft
    evidence = [said.evidence("demand_type", start, end) for start, end in demand.spans]
    return _filled(draft, evidence, demand_type=demand.kind)


def _with_place(draft: WorkOrderDraft, said: Said, profile: Profile) -> WorkOrderDraft:
    spot = find_place(said.text, profile.gazetteer)
    if spot is None:
        return draft
    place = Place(
        text=said.text[spot.start : spot.end],
        region=spot.region,
        township=spot.township,
        detail=spot.detail,
    )
    filled = [name for name, value in place if value]
    spoken = [said.evidence(f"place.{name}", spot.start, spot.end) for name in filled]
    rule = [
        Evidence(field=f"place.{name}", kind="rule", text=spot.why)
        for name in ("region", "township")
        if name in filled
    ]
    return _filled(draft, [*spoken, *rule], place=place)


def _with_when(draft: WorkOrderDraft, said: Said, local: datetime) -> WorkOrderDraft:
    moment = find_moment(said.text, local)
    if moment is None:
        return draft
    when = When(text=moment.text, start=moment.since, end=moment.until)
    evidence = [said.evidence("when.text", moment.start, moment.end)]
    if moment.since:
        rule = f"“{moment.text}”按来电时间 {local:%Y-%m-%d %H:%M} 推算"
        evidence += [
            Evidence(field=f"when.{field}", kind="rule", text=rule) for field in ("start", "end")
        ]
    return _filled(draft, evidence, when=when)


def _with_caller(draft: WorkOrderDraft, said: Said, transcript: Transcript) -> WorkOrderDraft:
    """Name, wish to stay unnamed, and the number they want to be called back on."""
    fields: dict[str, object] = {}
    evidence: list[Evidence] = []
    named = _NAME.search(said.text) or _SURNAME.search(said.text)
    if named:
        fields["name"] = named[1]
        evidence.append(said.evidence("caller.name", named.start(), named.end()))
    wish, spoken = wish_evidence(transcript.segments)
    fields |= wish
    evidence += spoken
    for number in spoken_numbers(said.text):
        if number.kind in ("mobile", "landline"):
            # The network's number stands; a spoken one is only proof, unless there is none.
            evidence.append(said.evidence("caller.number", number.start, number.end))
            if not draft.caller.number:
                fields["number"] = number.digits
            break
    if not evidence:
        return draft
    return _filled(draft, evidence, caller=draft.caller.model_copy(update=fields))


def _with_offices(
    draft: WorkOrderDraft, said: Said, record: CallRecord, profile: Profile, guess: Guess | None
) -> WorkOrderDraft:
    line = profile.line(record.line)
    found = find_lead(said.text, line.department, line.name, profile, guess)
    evidence = [said.evidence("offices", start, end) for start, end in found.spans]
    evidence += [
        Evidence(field="offices", kind="rule", text=f"{office.name}：{office.why}")
        for office in found.offices
    ]
    return _filled(draft, evidence, offices=found.offices)


def _with_amounts(draft: WorkOrderDraft, said: Said) -> WorkOrderDraft:
    sums = find_amounts(said.text)
    if not sums:
        return draft
    amounts = tuple(
        Amount(text=said.text[each.start : each.end], yuan=each.yuan, about=each.is_about)
        for each in sums
    )
    evidence = [said.evidence("amounts", each.start, each.end) for each in sums]
    return _filled(draft, evidence, amounts=amounts)


def _with_urgency(draft: WorkOrderDraft, said: Said) -> WorkOrderDraft:
    alarm = find_urgency(said.text)
    if alarm is None:
        rule = Evidence(field="urgency", kind="rule", text="没有听到危险或紧急的话")
        return _filled(draft, [rule], urgency="normal")
    evidence = [said.evidence("urgency", alarm.start, alarm.end)]
    return _filled(draft, evidence, urgency=alarm.urgency)


def _with_gist(draft: WorkOrderDraft, said: Said) -> WorkOrderDraft:
    """Title, summary and content, all in the caller's own words."""
    told: list[Sentence] = sentences(said.text)
    if not told:
        return draft
    place = draft.place.text
    chosen = gist(told, place or "", draft.when.text or "")
    kind = CHINESE[draft.demand_type] if draft.demand_type else "反映"
    title = headline(chosen, place or "", kind, topics(said.text))
    content = "".join(sentence.text for sentence in told)
    evidence = [said.evidence("summary", s.start, s.end) for s in chosen]
    evidence += [said.evidence("content", told[0].start, told[-1].end)]
    evidence += [said.evidence("title", chosen[0].start, chosen[0].end)]
    return _filled(
        draft,
        evidence,
        title=title,
        summary="".join(sentence.text for sentence in chosen),
        content=content,
    )
