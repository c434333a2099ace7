"""The private page: whose link it is, whether this browser may go on with it, and the screen that follows.

Every browser but the bound one sees what an unknown link shows. A screen must never show an earlier answer.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from surveys.instruments import phrases
from surveys.records import audit, consents, contacts, page_links, participants, snapshots
from surveys.records.database import Tx
from surveys.records.ids import ALPHABET, TOKEN_SIGNS, new_token
from surveys.records.interviews import InterviewMoved
from surveys.records.page_links import PageLink
from surveys.rules.chance import Chance
from surveys.rules.vocabulary import Channel, Purpose, Status
from surveys.steps.cover import cover_screen, screen_after
from surveys.steps.gate import Heard, Kept, act, kept_of, listen, out_of_history
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.postmark import postmark, shown_at
from surveys.steps.safety import safe_contact_of
from surveys.steps.screens import say
from surveys.steps.service import PERSON, Service
from surveys.steps.settle import Person
from surveys.steps.standing import with_wave
from surveys.steps.traces import clear_of
from surveys.steps.turn import Act
from surveys.steps.withdraw import delete_answers, may_delete

IDLE = timedelta(minutes=3)
"""Without a word for so long, the screen goes back to its beginning (safety.md, "Page")."""
ON_THE_WAY = timedelta(minutes=1)
"""A word that was typed before the cover's screen went back by itself may be on its way for so long."""
ASKED = "page_asked"
"""The one row that every form behind a cover writes; it says when the last one came, and nothing else."""
NEUTRAL = "sr_Latn"
"""The language of screens that nobody in particular is shown."""


async def on_page(service: Service, token: str, cookie: str, said: PageSaid, now: datetime) -> Screen:
    """Take one form, in one transaction; DatabaseUnavailable where nothing could be committed."""
    if said.do is Do.EXIT:
        await _leave(service, token, cookie, said, now)
        return Screen(View.EXIT, NEUTRAL, cookie="")
    if service.library.covers:
        return _postmarked(service, token, cookie, await _behind_the_cover(service, token, cookie, said, now), now)
    if said.do is Do.START:
        cookie = browsers_own(service.chance, cookie)
    return await _try(service, token, cookie, said, now) or elsewhere()


async def _leave(service: Service, token: str, cookie: str, said: PageSaid, now: datetime) -> None:
    """Written down only for the browser that holds the link: whoever posts exits without one keeps no writer busy."""
    async with service.database.reading() as tx:
        link = await page_links.find(tx, token)
        holds = _is_browser_of(tx, link, cookie) and link is not None and link.ended_at is None
    if holds:
        await _try(service, token, cookie, said, now)


def browsers_own(chance: Chance, cookie: str) -> str:
    """The browser's cookie: the one that it has, else a new one. Who looks at it learns nothing of any link."""
    return cookie if len(cookie) == TOKEN_SIGNS and set(cookie) <= set(ALPHABET) else new_token(chance)


def elsewhere() -> Screen:
    """What an unknown link shows, and with it every link that is over or another's."""
    return Screen(View.ELSEWHERE, NEUTRAL)


async def _behind_the_cover(service: Service, token: str, cookie: str, said: PageSaid, now: datetime) -> Screen:
    """First the everyday survey, the same for everybody; the code word, typed as its first answer, opens the rest."""
    if said.place < 0 and said.do is not Do.START:
        return await _try(service, token, cookie, said, now) or Screen(View.START, NEUTRAL)
    spoken = said.language if said.language in service.languages else NEUTRAL
    cover, local = service.library.covers[0], service.local(now)
    if said.do is Do.START:
        kept = browsers_own(service.chance, cookie)
        await _try(service, token, kept, said, now)
        return replace(cover_screen(cover, 0, spoken, local), cookie=kept)
    opened = await _typed(service, token, cookie, said, now)
    return opened or screen_after(cover, said, spoken, local)


def _postmarked(service: Service, token: str, cookie: str, screen: Screen, now: datetime) -> Screen:
    """The form of the cover's first question says when it was shown, whoever it is shown to. No other one could open
    anything, and what follows an answer stays the same bytes for everybody."""
    if screen.view is not View.COVER or screen.place != 0:
        return screen
    return replace(screen, postmark=postmark(service.database.seals, token, screen.cookie or cookie, now))


async def _typed(service: Service, token: str, cookie: str, said: PageSaid, now: datetime) -> Screen | None:
    """A form of the cover: its first answer is held against the words, a withdrawal is heard anywhere. The screen
    behind the gate, or None where the cover goes on."""
    typed = "STOP" if said.do is Do.STOP_FOR_GOOD else said.text
    async with service.database.reading() as tx:
        own = await _own(tx, service, token, cookie, now)
        link = own[0] if own else await _addressed(tx, token)
        hers = link.participant if link else ""
        kept = await kept_of(tx, hers, await safe_contact_of(tx, service, hers), now) if link else Kept()
    first = said.do is Do.NEXT and said.place == 0
    shown = shown_at(service.database.seals, token, cookie, said.postmark)
    heard = await listen(service.database.seals, kept if first else Kept(), typed)

    async def heard_out(tx: Tx) -> Screen | None:
        own = await _own(tx, service, token, cookie, now)
        if own is None:
            await _heard_late(tx, service, token, cookie, heard, typed, shown, now)
            return None
        link, person = own
        begun = _has_begun(link, now)
        await (page_links.touch(tx, link.id, now) if begun else page_links.run_out(tx, link.id))
        counts = begun and _is_of_this_session(link, shown)
        what = heard if counts else await out_of_history(tx, link.participant, heard, shown or link.created_at)
        if not await act(tx, service, link.participant, link.id, what, typed, now, first=first and counts):
            return None
        await page_links.open_(tx, link.id, now)
        return await _said(tx, service, link, person, PageSaid(Do.START), now)

    return await _once(service, heard_out, now)


async def _addressed(tx: Tx, token: str) -> PageLink | None:
    """The link of somebody who takes part, wherever it is opened, and whether or not it still leads anywhere."""
    link = await page_links.find(tx, token)
    if link is None:
        return None
    return link if (await participants.get(tx, link.participant)).status is Status.ACTIVE else None


async def _heard_late(
    tx: Tx, service: Service, token: str, cookie: str, heard: Heard, typed: str, shown: datetime | None, now: datetime
) -> None:
    """A link that was left or has run out opens nothing, nor does one in another browser. But whoever is made to open
    it, or to say the word to somebody who does, is heard: the duress word anywhere, for nobody else knows it; words of
    danger and a withdrawal in the link's own browser."""
    link = await _addressed(tx, token)
    if link is None or not (heard is Heard.DURESS or _is_browser_of(tx, link, cookie)):
        return
    what = await out_of_history(tx, link.participant, heard, shown or link.created_at)
    await act(tx, service, link.participant, link.id, what, typed, now, first=False)


def _has_begun(link: PageLink, now: datetime) -> bool:
    """Whether the first button was pressed since the last session ran out. Where it was not, a form came out of the
    browser's history: whoever reloads it has typed nothing, so the word in it opens nothing."""
    return link.last_at is not None and now - link.last_at <= (IDLE if link.opened_at else IDLE + ON_THE_WAY)


def _is_of_this_session(link: PageLink, shown: datetime | None) -> bool:
    """Whether the form was shown since the session began that goes on."""
    return shown is not None and link.bound_at is not None and link.bound_at <= shown


def _beginning(link: PageLink, now: datetime) -> datetime:
    """When the session began that a press of the first button leads to: now, but where one goes on before the gate,
    as after two presses at once. Then the forms of both count."""
    if link.bound_at is None or link.opened_at is not None or not _has_begun(link, now):
        return now
    return min(link.bound_at, now)


async def _own(tx: Tx, service: Service, token: str, cookie: str, now: datetime) -> tuple[PageLink, Person] | None:
    """The link, where this is its browser and its wave is open."""
    link = await page_links.find(tx, token)
    if link is None or not _is_browser_of(tx, link, cookie):
        return None
    person = await _whose(tx, service, link, now)
    return (link, person) if person is not None else None


def _is_browser_of(tx: Tx, link: PageLink | None, cookie: str) -> bool:
    return link is not None and link.browser_hash == page_links.browser_hash(tx, cookie)


async def _try(service: Service, token: str, cookie: str, said: PageSaid, now: datetime) -> Screen | None:
    return await _once(service, lambda tx: _taken(tx, service, token, cookie, said, now), now)


async def _once(service: Service, step: Callable[[Tx], Awaitable[Screen | None]], now: datetime) -> Screen | None:
    """The step in one transaction; again where two taps came at once: the second is asked what the first led to.

    Behind a cover every form that is waited for writes something, an unknown link's too: on a full disk all fail alike.
    """
    for _ in range(3):
        try:
            async with service.database.writing() as tx:
                if service.library.covers:
                    await snapshots.keep(tx, ASKED, {"of": "nobody"}, now)
                return await step(tx)
        except InterviewMoved:
            continue
    return None


async def _taken(tx: Tx, service: Service, token: str, cookie: str, said: PageSaid, now: datetime) -> Screen | None:
    """None is what an unknown link comes to."""
    link = await page_links.find(tx, token)
    own = _is_browser_of(tx, link, cookie)
    if said.do is Do.DELETE:
        return await _deleted(tx, service, link, said, now) if link is not None and own else None
    if said.do is Do.EXIT:
        if link is not None and own:
            await _over(tx, service, link, Act.LEAVE, now)
        return Screen(View.EXIT, NEUTRAL, cookie="")
    person = await _whose(tx, service, link, now) if link else None
    if link is None or person is None or not (own or (link.browser_hash is None and said.do is Do.START)):
        return None
    if said.do is Do.START:
        return await _begin(tx, service, link, person, cookie, now)
    if link.opened_at is None or link.last_at is None or now - link.last_at > IDLE:
        if link.opened_at is not None:
            await page_links.run_out(tx, link.id)
        return Screen(View.START, NEUTRAL)
    await page_links.touch(tx, link.id, now)
    return await _said(tx, service, link, person, said, now)


async def _whose(tx: Tx, service: Service, link: PageLink, now: datetime) -> Person | None:
    """The person whom the link was sent to, where the wave it is about is still open to them."""
    if link.ended_at is not None or link.expires_at <= now:
        return None
    participant = await participants.get(tx, link.participant)
    if participant.status is not Status.ACTIVE or not await consents.in_force(tx, participant.id, Purpose.CONTACT):
        return None
    contact = await contacts.current(tx, participant.id, participant.channel)
    if contact is None or contact.suspended_at is not None:
        return None
    person = await with_wave(tx, service, participant, contact.id, now)
    return person if person.invitation and person.invitation.id == link.invitation else None


async def _begin(tx: Tx, service: Service, link: PageLink, person: Person, cookie: str, now: datetime) -> Screen:
    """The first button: binds the link to this browser, or goes on in the browser that it is bound to."""
    if link.browser_hash is None:
        await page_links.bind(tx, link, cookie, now)
        audit.record(tx, PERSON, "page.bound", link.id, now)
    if service.library.covers:
        await page_links.since(tx, link.id, _beginning(link, now))
        await page_links.shut(tx, link.id)
        await page_links.touch(tx, link.id, now)
        return Screen(View.START, NEUTRAL, cookie=cookie)
    await page_links.open_(tx, link.id, now)
    screen = await _said(tx, service, link, person, PageSaid(Do.START), now)
    return replace(screen, cookie=cookie) if screen.cookie is None else screen


async def _said(tx: Tx, service: Service, link: PageLink, person: Person, said: PageSaid, now: datetime) -> Screen:
    screen, ended = await say(tx, service, person, Channel.PAGE, said, now)
    if ended is None:
        return screen
    await _over(tx, service, link, ended, now)
    if ended is Act.WITHDRAW and await may_delete(tx, link.participant):
        return replace(screen, may_delete=True)
    return replace(screen, cookie="")


async def _deleted(tx: Tx, service: Service, link: PageLink, said: PageSaid, now: datetime) -> Screen | None:
    """Only in the browser that withdrew behind the gate just now; to everybody else it is an unknown link."""
    if link.outcome != Act.WITHDRAW or link.ended_at is None or now - link.ended_at > IDLE:
        return None
    if not await delete_answers(tx, service, link.participant, PERSON, now):
        return None
    language = said.language if said.language in service.languages else NEUTRAL
    return Screen(View.WORDS, language, phrases.answers_deleted(language), cookie="")


async def _over(tx: Tx, service: Service, link: PageLink, how: Act, now: datetime) -> None:
    if await page_links.end(tx, link.id, how, now):
        audit.record(tx, PERSON, f"page.{how}", link.id, now)
        await clear_of(tx, service, link.participant, now)
