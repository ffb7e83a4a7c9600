"""The caller's own words, shortened: sentences chosen, never rewritten. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from records.masking import mask_text, spoken_numbers

_SENTENCE = re.compile(r"[^。？！?!]+[。？！?!]*")
_EMPTY = re.compile(
    r"^(?:喂|唉|嗯|啊|哦|噢|那个|这个|就是|对|对的|是的|是|好|好的|行|可以|没有了?|谢谢|谢谢你们?|谢谢您|再见|麻烦你们?了?|麻烦您了?"
    r"|你好|您好|不客气|嗯嗯|知道了|明白了?|听得到|能听到吗|喂喂)+$"
)
_GREETING = re.compile(r"^(?:(?:喂|你好|您好|哎|嗯|那个|就是)[，,、\s]*)+")
_CONTACT = re.compile(r"(?:电话|手机|号码|联系方式|我姓|我叫|姓名)")
_PUNCTUATION = re.compile(r"[\W_]+")
_MATTER = re.compile(
    r"[没不坏漏停臭偷欠脏堵断乱]|投诉|举报|建议|咨询|请问|想问|能不能|怎么|影响|扰民|希望|申请|补贴|过期|违|收费"
)
_LONGEST_SUMMARY = 90
_LONGEST_MATTER = 22
_WISH = re.compile(
    r"^.{0,4}?(?:我|我们)(?:就|是)?(?:要|想|来)?(?:跟你们?)?(?:投诉|举报|咨询|反映|建议|问|提一?个?建议)(?:一下)?"
)
_HOPE = re.compile(r"希望|请(?:你们|有关|尽快|赶快)|能不能|怎么办|谢谢|帮我")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence as it stands in the caller's text; ``text`` has no greeting in front."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """Every sentence that says something: no greetings, no yes and no, no thanks."""
    found = []
    for part in _SENTENCE.finditer(text):
        greeting = _GREETING.match(part[0])
        start = part.start() + (greeting.end() if greeting else 0)
        said = text[start : part.end()].strip()
        words = _PUNCTUATION.sub("", said)
        if len(words) >= 3 and not _EMPTY.match(words):
            found.append(Sentence(start=start, end=part.end(), text=said))
    return found


def gist(told: Sequence[Sentence], place: str, when: str) -> list[Sentence]:
    """Choose the sentences that say most, in their order, at least one.

    They keep the caller's words. A telephone number is no part of what happened.
    """
    ranked = sorted(told, key=lambda sentence: -_worth(sentence.text, place, when))
    chosen: list[Sentence] = []
    length = 0
    for sentence in ranked:
        if chosen and length + len(sentence.text) > _LONGEST_SUMMARY:
            continue
        if chosen and _worth(sentence.text, place, when) <= 0:
            break
        chosen.append(sentence)
        length += len(sentence.text)
    return sorted(chosen, key=lambda sentence: sentence.start)


def headline(
    chosen: Sequence[Sentence], place: str, kind: str, topics: Collection[str] = ()
) -> str:
    """Where, what, and what is wanted: ``红山区钢铁街从昨天晚上开始停水（投诉）``.

    ``topics`` are words of a trade heard in the call; the clause that holds them is the matter.
    """
    clauses = [
        clause
        for sentence in chosen
        for clause in re.split(r"[，,。？！?!；]", sentence.text)
        if len(_PUNCTUATION.sub("", clause)) >= 4
    ]
    told = max(clauses, key=lambda clause: _clause_worth(clause, place, topics), default="")
    matter = _WISH.sub("", told).strip("的，, ") or told
    if place:
        # Only in front: taken out of the middle it would leave a sentence nobody said.
        matter = re.sub(rf"^(?:我家?)?(?:在|位于|是|住在)?{re.escape(place)}", "", matter).strip(
            "的，, "
        )
    where = "" if place and place in matter else place
    return f"{where}{_shortened(mask_text(matter or told))}（{kind}）"


def _clause_worth(clause: str, place: str, topics: Collection[str]) -> float:
    """What is the matter, rather than who calls or what is hoped for."""
    heard = [topic for topic in topics if topic in clause]
    worth = _worth(clause, "", "") + sum(map(len, heard))
    if heard and place and place in clause:
        worth += 2  # the matter and its place in one breath
        clause = clause.replace(place, "", 1)
    if _HOPE.search(clause):
        worth -= 2
    return worth - max(0, len(clause) - _LONGEST_MATTER) / 10


def _shortened(matter: str) -> str:
    return matter if len(matter) <= _LONGEST_MATTER else matter[: _LONGEST_MATTER - 1] + "…"


def _worth(text: str, place: str, when: str) -> float:
    """How much a sentence tells: place, time, figures and what is wrong; length a little."""
    worth = min(len(text), 40) / 40
    worth += 1.5 * (bool(place) and place in text) + (bool(when) and when in text)
    worth += 0.5 * min(3, len(_MATTER.findall(text)))
    worth += 0.5 * bool(
        re.search(r"[\d一二三四五六七八九十两]+(?:块|元|天|年|个|度|亩|点|月)", text)
    )
    if _CONTACT.search(text) and spoken_numbers(text):
        worth -= 5
    return worth
