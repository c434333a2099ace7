"""Whether SMS is set up as it must be, and what a wave costs. It sends nothing and asks the provider nothing."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from posle.doctor.finding import Finding, Verdict, missing, ok, wrong
from posle.settings import Settings, Sms
from posle.wiring import library_of
from surveys.instruments.form import Form
from surveys.language.catalogue import languages
from surveys.library import Library
from surveys.library.compiled import instrument_of
from surveys.records import tasks
from surveys.records.database import Tx
from surveys.rules.vocabulary import Side, SmsScript
from surveys.steps.sms_cost import NOMINAL, WaveCost, notice_segments, plain_notices, question_texts, wave_cost

CHECK_IN = "check-in"
"""The questionnaire, and a moment that stands for any: what is counted is the length of texts."""
AUTO_REPLY = "sms_auto_reply"
"""The task that opens where the provider was seen to answer somebody."""


def examine_sms(settings: Settings) -> Iterator[Finding]:
    """The account's settings, and segments and price of a wave's notices."""
    if settings.sms is None:
        yield missing("sms", "fill in [sms] account_sid; without it nobody can be written to by SMS")
        return
    if settings.sms.two_way and not settings.sms.auto_reply_off:
        yield wrong(
            "sms",
            "switch the provider's own replies to STOP and HELP off, then set [sms] provider_auto_reply_off = true",
        )
    else:
        yield ok("sms")
    yield _cost(settings, settings.sms)


async def examine_auto_reply(tx: Tx) -> Finding:
    """Wrong as long as the provider was seen to answer people by itself, whatever the settings say."""
    if any(each.kind == AUTO_REPLY for each in await tasks.standing(tx)):
        return wrong("sms auto-reply", "the provider answered somebody by itself; switch that off, then posle done")
    return ok("sms auto-reply")


@cache
def _form(path: Path) -> Form:
    return Form(instrument_of(path))


def costs(
    library: Library, public: str, language: str, script: SmsScript = SmsScript.ASCII, *, talks: bool
) -> WaveCost:
    """What a wave comes to for somebody of that language and script."""
    form = _form(library.instruments[CHECK_IN]) if talks else None
    return wave_cost(library, form, language, public, NOMINAL, two_way=talks, script=script)


def plain_questions(library: Library, language: str, script: SmsScript) -> dict[str, int]:
    """Of all questions, how many go in plain letters all the same: in others they would take more than two segments."""
    word = library.other_word("female", language)
    said = question_texts(_form(library.instruments[CHECK_IN]), language, word, NOMINAL, script)
    return {"questions": len(said), "questions_ascii": sum(each.isascii() for each in said)}


def _in_whole_letters(library: Library, public: str, *, talks: bool) -> Iterator[str]:
    """What whoever chose whole letters costs, where any message can have them."""
    for script, language in ((SmsScript.LATIN, "sr_Latn"), (SmsScript.CYRILLIC, "sr_Cyrl")):
        found = costs(library, public, language, script, talks=talks)
        some = (
            " (some notices in plain letters)"
            if plain_notices(library, language, public, script, two_way=talks)
            else ""
        )
        count = plain_questions(library, language, script) if talks else {}
        kept = f" ({count['questions_ascii']} of {count['questions']} questions in plain letters)" if count else ""
        yield f"{found.segments} a wave in sms_script {script}{some}{kept}"


def _cost(settings: Settings, sms: Sms) -> Finding:
    library, public = library_of(settings), settings.side.public_url
    talks = sms.two_way and settings.side.name is Side.EX_PERPETRATORS
    each = notice_segments(library, languages(), public, two_way=talks)
    if each > 1:
        return wrong("sms segments", f"a notice takes {each} segments; use a shorter [side] public_url")
    plain = {code: costs(library, public, code, talks=talks) for code in languages()}
    told = [f"1 segment a notice; for each person and wave at most {next(iter(plain.values())).notices} of them"]
    for code, found in plain.items():
        price = f", {found.price(sms.segment_price):.2f} {sms.currency}" if sms.segment_price is not None else ""
        told += [f"{code}: {found.interview} for every question of an interview{price} in all"] if talks else []
    if not talks and sms.segment_price is not None:
        told += [f"{next(iter(plain.values())).price(sms.segment_price):.2f} {sms.currency} in all"]
    told += _in_whole_letters(library, public, talks=talks)
    return Finding("sms segments", Verdict.OK, "; ".join(told))
