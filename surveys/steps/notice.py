"""What the service sends first: words and buttons in a chat, a link or the way to begin by SMS, a task for a call.

It must never be made but in the transaction that claims the delivery: the link in it is issued there.
"""

from datetime import datetime, timedelta

from surveys.language.sms import segments
from surveys.library.wording import Notice, NoticeKind
from surveys.records import audit, deliveries
from surveys.records.claims import Claimed
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.hours import SafeHours
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel, DeliveryKind, SmsScript
from surveys.steps.alarm import open_task
from surveys.steps.chat import CHAT
from surveys.steps.ports import Button, Outgoing
from surveys.steps.safety import safe_contact_of, safe_hours
from surveys.steps.service import SERVICE, Service
from surveys.steps.turn import BEGIN, LATER, LINK

_BY_LINK = {DeliveryKind.REMINDER: NoticeKind.REMINDER}
_BY_TALK = {DeliveryKind.REMINDER: NoticeKind.CHAT_REMINDER}
CALL_TASK = "call"
"""Somebody is to be called: open until an interview came of it, or the wave is over."""
LONGEST_VALID = timedelta(hours=10)


async def notice(tx: Tx, service: Service, claimed: Claimed, now: datetime) -> Outgoing:
    """The message of a claimed notice or reminder, for its channel."""
    assert claimed.address is not None
    text, buttons = await _words(tx, service, claimed, now)
    contact, protocol = await safe_contact_of(tx, service, claimed.participant), service.protocol_of(claimed.protocol)
    valid = valid_for(safe_hours(service, contact, protocol), now)
    return Outgoing(
        delivery=claimed.delivery,
        lease=claimed.lease,
        channel=claimed.channel,
        address=claimed.address,
        text=text,
        buttons=buttons,
        valid=valid,
        until=now + timedelta(seconds=valid),
    )


async def _words(
    tx: Tx, service: Service, claimed: Claimed, now: datetime
) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    library, language = service.library, claimed.language
    contact = await safe_contact_of(tx, service, claimed.participant)
    in_chat = contact is not None and contact.interview == CHAT and claimed.channel is Channel.TELEGRAM
    in_words = in_chat or (service.talks_by_sms and claimed.channel is Channel.SMS)
    kinds, other = (_BY_TALK, NoticeKind.CHAT_NOTICE) if in_words else (_BY_LINK, NoticeKind.NOTICE)
    kind = kinds.get(claimed.kind, other)
    chosen = contact.notice if contact is not None and kind is other else None
    if chosen is not None and chosen not in {each.name for each in library.approved(claimed.channel, kind)}:
        chosen = None  # of another cover, or for the link where the chat was chosen: the default fits, and is dull too
    words = library.notice(claimed.channel, kind, chosen)
    link = ""
    if LINK in words.said(language):
        assert claimed.invitation is not None
        assert service.issue_link is not None
        link = await service.issue_link(tx, service, claimed.invitation, claimed.participant, now)
    if claimed.channel is Channel.SMS:
        return sms_notice(words, language, claimed.sms_script, link), ()
    text = words.said(language).replace(LINK, link)
    if link:
        return text, ()
    said = (("button_start", f"{BEGIN}:{language}" if in_chat else BEGIN), ("button_later", LATER))
    return text, (tuple(Button(library.text(name, language), data) for name, data in said),)


def sms_notice(words: Notice, language: str, script: SmsScript, link: str) -> str:
    """The notice in that script, or in plain letters where it would take more than one segment."""
    for each in (script, SmsScript.ASCII):
        text = words.said(language, each).replace(LINK, link)
        if segments(text) == 1:
            break
    return text


def has_no_way(service: Service, claimed: Claimed) -> bool:
    """Whether the notice would have to carry a link to a page that is not served here."""
    return lacks_page(service, claimed.channel)


def lacks_page(service: Service, channel: Channel) -> bool:
    """The same of whoever is written to by that channel."""
    return channel is Channel.SMS and not service.talks_by_sms and service.issue_link is None


def valid_for(hours: SafeHours, now: datetime) -> float:
    """Seconds until the hours of today end: what the provider has not brought by then must not come at all."""
    window = hours.between(now, now + LONGEST_VALID)
    return (window[0][1] - now).total_seconds() if window and window[0][0] == now else 0.0


async def call_instead(tx: Tx, claimed: Claimed, now: datetime) -> None:
    """Who chose to be called is written no message: a task opens, and nothing leaves by itself."""
    await deliveries.drop(tx, claimed.delivery, claimed.lease, now, Reason.CALLED)
    subject = claimed.invitation or claimed.participant
    await open_task(tx, NewTask(claimed.centre, CALL_TASK, subject, claimed.participant, claimed.closes_at), now)
    audit.record(tx, SERVICE, "delivery.cancelled", claimed.delivery, now, reason=Reason.CALLED)
