"""Whether SMS is set up as it must be, and what a wave costs. It sends nothing and asks the provider nothing."""

from collections.abc import Iterator

from posle.doctor.finding import Finding, Verdict, missing, ok, wrong
from posle.settings import Settings, Sms
from posle.wiring import library_of
from surveys.language.catalogue import languages
from surveys.language.script import segments
from surveys.library import load_library
from surveys.library.wording import NoticeKind
from surveys.records import tasks
from surveys.records.database import Tx
from surveys.rules.vocabulary import Channel

AUTO_REPLY = "sms_auto_reply"
"""The task that opens where the provider was seen to answer somebody."""


def examine_sms(settings: Settings) -> Iterator[Finding]:
    """The account's settings, and segments and price of a wave's notices."""
    if settings.sms is None:
        yield missing("sms", "fill in [sms] account_sid; without it nobody can be written to by SMS")
        return
    if settings.sms.two_way and not settings.sms.auto_reply_off:
        yield wrong("sms", "switch the provider's own replies to STOP and HELP off, then set provider_auto_reply_off")
    else:
        yield ok("sms")
    yield _cost(settings, settings.sms)


async def examine_auto_reply(tx: Tx) -> Finding:
    """Wrong as long as the provider was seen to answer people by itself, whatever the settings say."""
    if any(each.kind == AUTO_REPLY for each in await tasks.standing(tx)):
        return wrong("sms auto-reply", "the provider answered somebody by itself; switch that off, then posle done")
    return ok("sms auto-reply")


def notice_segments(settings: Settings) -> int:
    """The most segments that one notice or reminder takes, in any language."""
    library = library_of(settings)
    talks = settings.sms is not None and settings.sms.two_way
    kinds = (NoticeKind.CHAT_NOTICE, NoticeKind.CHAT_REMINDER) if talks else (NoticeKind.NOTICE, NoticeKind.REMINDER)
    said = [n.said(language) for k in kinds for n in library.approved(Channel.SMS, k) for language in languages()]
    link = f"{settings.side.public_url}/p/" + "x" * 22
    return max((segments(each.replace("{link}", link)) for each in said), default=0)


def _cost(settings: Settings, sms: Sms) -> Finding:
    each = notice_segments(settings)
    if each > 1:
        return wrong("sms segments", f"a notice takes {each} segments; use a shorter [side] public_url")
    messages = load_library(settings.side.name).protocol.caps.per_wave
    price = f", {messages * sms.segment_price:.2f} {sms.currency}" if sms.segment_price is not None else ""
    told = f"1 segment a notice; at most {messages} segments{price} for each person and wave, without interviews"
    return Finding("sms segments", Verdict.OK, told)
