"""Why a draft says what it says of demand and office: rules, learnt words, runners-up. Pure."""

from config.profile import Profile
from records.demand import CHINESE, demand_cues
from records.learned import Guess, Learned
from records.office import trade_words
from records.verdict import both, find_demand, find_lead


def explained(
    text: str, department: str, line: str, profile: Profile, learned: Learned | None
) -> list[str]:
    """One line a reason, for people."""
    demand_guess, trade_guess = both(text, learned)
    demand = find_demand(text, demand_guess)
    lead = find_lead(text, department, line, profile, trade_guess)
    chosen = CHINESE[demand.kind] if demand.kind else "待定"
    odds = "，".join(f"{CHINESE[kind]} {likely:.2f}" for kind, likely in demand.likely)
    how = "来电人自己说明" if demand.is_outright else odds
    told = [f"诉求类型：{chosen}（{how or '没有依据'}）"]
    cues = sorted(demand_cues(text), key=lambda cue: -cue.weight)
    told += [
        f"  规则：“{text[cue.start : cue.end]}”→{CHINESE[cue.demand]}，权重{cue.weight:g}"
        for cue in cues
    ]
    told += _learnt(text, demand_guess)
    first = lead.offices[0].name if lead.offices else "没有依据"
    told.append(f"主办部门：{'待定' if lead.is_open else first}")
    told += [f"  {office.score:.2f} {office.name}：{office.why}" for office in lead.offices]
    told += [
        f"  规则：{'、'.join(heard)}→{trade}，权重{weight:.1f}"
        for trade, (weight, heard) in trade_words(text).items()
    ]
    return told + _learnt(text, trade_guess)


def _learnt(text: str, guess: Guess | None) -> list[str]:
    if guess is None:
        return []
    ranked = sorted(guess.reasons, key=lambda name: -guess.likely[name])
    return [
        f"  学得：{name} {guess.likely[name]:.2f}，词句"
        + "、".join(f"“{text[r.start : r.end]}”+{r.weight:.2f}" for r in guess.reasons[name])
        for name in ranked
    ]
