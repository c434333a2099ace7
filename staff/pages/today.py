"""Today: what waits for the reader, and what they do about it. It shows ids, kinds and times, never an answer."""

from collections.abc import Callable

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from surveys.records import approvals, holds
from surveys.records.approvals import Approval
from surveys.records.database import Tx
from surveys.records.desk import PAGE
from surveys.records.holds import Scope
from surveys.rules.roles import May
from surveys.steps import agreement, contact_change, desk
from surveys.steps.by_two import Matter
from surveys.steps.desk import NotFound
from surveys.steps.raised import entries

HOME = "/staff/"
HERE = (agreement.RELEASE, agreement.EXPORT, contact_change.ACTION)
"""What is agreed to here; everything else on the page where it can be read whole."""
ELSEWHERE = {
    Matter.LINE: "/staff/settings/helplines", Matter.WORDING: "/staff/settings/wording",
    Matter.TEXT: "/staff/settings/texts", Matter.RECONSENT: "/staff/people",
    Matter.MERGE: "/staff/settings/centres", Matter.PHONE: "/staff/settings/centres",
    Matter.PROTOCOL: "/staff/settings/protocol",
}  # fmt: skip
_START = {May.SEE_TODAY: HOME, May.SEE_OVERVIEW: "/staff/overview", May.KEEP_ACCOUNTS: "/staff/accounts"}


def centre_names(asked: Asked) -> Callable[[str], str]:
    """A centre's id as its city."""
    centres = asked.service.library.centres
    everywhere = asked.words.say_("координатор")
    return lambda name: centres[name].said(asked.words.language) if name in centres else everywhere


async def home(asked: Asked) -> Answer:
    """Where this role begins its day."""
    for may, path in _START.items():
        if asked.reader.reader.may(may):
            return await today(asked) if path == HOME else GoTo(path)
    raise NotFound


async def today(asked: Asked) -> Answer:
    """Alerts, tasks, what goes out."""
    async with asked.service.database.writing() as tx:
        places = asked.number("alerts"), asked.number("tasks")
        waiting = await desk.today(tx, asked.service, asked.reader.reader, asked.now, *places)
        raised = await entries(tx, asked.reader.reader, waiting.alerts)
        closed = asked.query.get("done", "")[:40]
        undo = closed if closed and await desk.may_undo(tx, asked.reader.reader, closed, asked.now) else ""
    may_release = asked.reader.reader.may(May.RELEASE)
    values = {
        "today": waiting, "raised": raised, "centre_name": centre_names(asked),
        "may_release": may_release, "undo": undo,
        "cooling": contact_change.COOLING, "agreed_here": HERE, "elsewhere": ELSEWHERE,
        "more_alerts": places[0] + PAGE if len(waiting.alerts) == PAGE else None,
        "more_tasks": places[1] + PAGE if len(waiting.tasks) == PAGE else None,
    }  # fmt: skip
    return Shown("today.html", values)


async def done(asked: Asked) -> Answer:
    """A task was seen to."""
    async with asked.service.database.writing() as tx:
        try:
            await desk.finish(tx, asked.reader.reader, asked.path["task"], asked.now)
        except desk.HasItsOwnStep:
            said = asked.words.say_("Овај задатак се завршава тако што се уради: отворите страницу особе.")
            raise BadForm(said) from None
    return GoTo(f"{HOME}?done={asked.path['task']}")


async def undo(asked: Asked) -> Answer:
    """It was pressed by mistake."""
    async with asked.service.database.writing() as tx:
        await desk.undo(tx, asked.reader.reader, asked.path["task"], asked.now)
    return GoTo(HOME)


async def ask_release(asked: Asked) -> Answer:
    """Ask that a hold on the side or on a centre be lifted."""
    scope, target = asked.path["scope"], asked.path["target"]
    reader = asked.reader.reader
    async with asked.service.database.writing() as tx:
        standing = [each for each in await holds.standing(tx) if (each.scope, each.target) == (scope, target)]
        if not standing or (scope == Scope.CENTRE and not reader.sees(target)) or scope == Scope.PERSON:
            raise NotFound
        await agreement.ask_release(tx, reader, Scope(scope), target, asked.now)
    return GoTo(HOME)


async def grant(asked: Asked) -> Answer:
    """Agree with a colleague; what they asked for is done at once."""
    reader = asked.reader.reader
    async with asked.service.database.writing() as tx:
        standing = {each.id: each for each in await approvals.standing(tx, asked.now)}
        found = standing.get(asked.path["approval"])
        if found is None or not reader.sees(found.centre) or found.action not in HERE:
            raise NotFound
        if found.action == contact_change.ACTION:
            return await _contact(asked, tx, found)
        if not await agreement.grant(tx, reader, found, asked.now):
            raise asked.takes_another()
    return GoTo(HOME)


async def _contact(asked: Asked, tx: Tx, found: Approval) -> Answer:
    """A colleague's change of a contact; a new deep link is made on the person's own page once it is done."""
    try:
        await contact_change.grant(tx, asked.service, asked.reader.reader, found, asked.now)
    except contact_change.ChangeRefused:
        early = asked.now < found.asked_at + contact_change.COOLING
        if not early:
            raise asked.takes_another() from None
        raise BadForm(asked.words.say_("Сагласност је могућа тек дан после захтева.")) from None
    return GoTo(f"/staff/people/{found.subject}")


PAGES = (
    Page("GET", "/staff/", home),
    Page("POST", "/staff/tasks/{task}/done", done, May.SEE_TODAY),
    Page("POST", "/staff/tasks/{task}/undo", undo, May.SEE_TODAY),
    Page("POST", "/staff/holds/{scope}/{target}/release", ask_release, May.RELEASE, strong=True),
    Page("POST", "/staff/approvals/{approval}", grant, May.RELEASE, strong=True),
)
