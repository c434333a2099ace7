"""What one thing said leads to, decided without touching anything: standing and message in, reply and acts out.

It must never decide to write first: all it does is answer a person's own message. It reads no database and no clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from surveys.instruments import engine
from surveys.instruments.asking import Ask, ask
from surveys.instruments.engine import Change, Finding, Step, Typed
from surveys.instruments.form import Form
from surveys.instruments.state import Ending, State
from surveys.language.commands import Command, asked_language, command
from surveys.language.danger import Danger, danger
from surveys.rules.vocabulary import Channel, SmsScript, Urgency
from surveys.steps.assent import Assent, assent
from surveys.steps.ports import Button, Event, Incoming
from surveys.steps.show import Shown, pressed, show
from surveys.steps.sms_text import question_text
from surveys.steps.speech import LINES


class Stage(StrEnum):
    """How far the conversation about one wave has come."""

    CONSENT = "consent"
    ITEMS = "items"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands as their message arrives. `form` is there where a wave is open to them."""

    language: str
    words: Callable[[str, str], str]
    """Text id and language → the library's text."""
    now: datetime
    """Local time of the person's zone."""
    form: Form | None = None
    stage: Stage | None = None
    state: State | None = None
    tag: str = ""
    bubble: str | None = None
    """The provider's id of the last question, once it is known to have arrived."""
    facts: tuple[tuple[str, str], ...] = ()
    channel: Channel = Channel.TELEGRAM
    talks: bool = True
    """Items may travel on this channel; where not, only withdrawals and wrong numbers are heard."""
    script: SmsScript = SmsScript.ASCII
    """In which letters an SMS goes."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message back. `same` edits the bubble whose button was pressed; `toast` is the small note over a press."""

    shown: Shown | None = None
    same: bool = False
    toast: str = ""
    asks: bool = False
    """It carries a question, so its bubble is where buttons are live."""
    note: str = ""
    """Where a question is shown as a screen of its own: what stands before it (why it is asked again, help, lines)."""
    link: bool = False
    """`{link}` in its text stands for the private page, where this question is answered."""


class Act(StrEnum):
    """What is to be recorded beside the state."""

    BEGIN = "begin"
    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LEAVE = "leave"
    COMPLETE = "complete"
    WRONG_NUMBER = "wrong_number"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    SPEAK = "speak"


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything that follows from one thing said."""

    reply: Reply | None = None
    acts: tuple[Act, ...] = ()
    state: State | None = None
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    language: str | None = None


def decide(standing: Standing, said: Incoming) -> Turn:
    """One turn of the conversation with a person who may be talked to."""
    return with_lines(standing, said, _decided(standing, said))


def with_lines(standing: Standing, said: Incoming, turn: Turn) -> Turn:
    """Words of danger in anything said raise an alert, and the reply begins with the lines that fit.

    A withdrawal's acknowledgement stays as it is, the same for everybody; so does what is said where nothing but
    notices may travel.
    """
    alarm = danger_in(said)
    if alarm is None:
        return turn
    if not any(found.danger for found in turn.findings) and not engine.urgent_answer(turn.findings):
        turn = replace(turn, findings=(Finding(Urgency.URGENT, danger=alarm), *turn.findings))
    if Act.WITHDRAW in turn.acts or not standing.talks:
        return turn
    lines = standing.words(LINES[alarm], standing.language)
    reply = turn.reply or Reply()
    after = reply.shown or Shown("")
    note = "\n\n".join(filter(None, (lines, reply.note)))
    gap = "\n" if standing.channel is Channel.SMS else "\n\n"
    return replace(
        turn, reply=replace(reply, note=note, shown=replace(after, text=f"{lines}{gap}{after.text}".strip()))
    )


def danger_in(said: Incoming) -> Danger | None:
    """The danger that somebody's words speak of, whatever they are written in; a button's data are no words."""
    return None if said.event is Event.PRESS else danger(said.text)


def _decided(standing: Standing, said: Incoming) -> Turn:
    match said.event:
        case Event.BLOCKED:
            return Turn(acts=(Act.BLOCKED,))
        case Event.UNBLOCKED:
            return Turn(acts=(Act.UNBLOCKED,))
        case Event.IGNORED:
            return Turn()
        case Event.OTHER | Event.EDITED:
            return _not_an_answer(standing, said)
        case _:
            return _words(standing, said)


def _words(standing: Standing, said: Incoming) -> Turn:
    ordered = _ordered(standing, said.text) if said.event is Event.TEXT else None
    if ordered in (Command.WITHDRAW, Command.WRONG_NUMBER):
        return _stop(standing, ordered)
    if not standing.talks:
        return Turn(_plain(standing, "unknown_sender"))
    if ordered is Command.LANGUAGE:
        return speak(standing, asked_language(said.text) or standing.language)
    return _stage(standing, said, ordered)


def _ordered(standing: Standing, text: str) -> Command | None:
    """The command that a text is where this person stands: what the open question makes doubtful is none."""
    ordered = command(text, standing.language)
    if ordered is None or standing.form is None or standing.state is None or standing.stage is not Stage.ITEMS:
        return ordered
    return command(text, standing.language, engine.open_topic(standing.form, standing.state, standing.now))


def _stage(standing: Standing, said: Incoming, ordered: Command | None) -> Turn:
    if standing.form is None:
        return _nothing_open(standing, said)
    if said.event is Event.PRESS and said.text in (BEGIN, LATER) and standing.stage in (Stage.CONSENT, Stage.ITEMS):
        return _notice_pressed(standing, said)
    if standing.stage is Stage.CONSENT:
        return _consent(standing, said, ordered)
    if standing.stage is Stage.ITEMS:
        return _items(standing, said)
    return _invited(standing, said, ordered)


def _stop(standing: Standing, ordered: Command) -> Turn:
    if ordered is Command.WITHDRAW:
        return Turn(_plain(standing, "withdrawal"), acts=(Act.WITHDRAW,))
    return Turn(_plain(standing, "wrong_number"), acts=(Act.WRONG_NUMBER,))


def speak(standing: Standing, language: str) -> Turn:
    """The person asked for another script or language: the same point of the conversation, said again in it."""
    spoken = replace(standing, language=language)
    if standing.form and standing.state and standing.stage is Stage.ITEMS:
        state = replace(standing.state, language=language)
        spoken = replace(spoken, state=state)
        return Turn(question(spoken), acts=(Act.SPEAK,), state=state, language=language)
    again = consent_screen(spoken) if standing.stage is Stage.CONSENT else _plain(spoken, _waits(standing))
    return Turn(again, acts=(Act.SPEAK,), language=language)


def _waits(standing: Standing) -> str:
    """What to say where no question is open: that nothing is to be done, or how to go on."""
    return "start_again" if standing.form is None else "left"


def _not_an_answer(standing: Standing, said: Incoming) -> Turn:
    """Captions and corrected messages answer nothing, but a withdrawal or words of danger in them are heard."""
    if not said.quoted and _ordered(standing, said.text) is Command.WITHDRAW:
        return _stop(standing, Command.WITHDRAW)
    if not standing.talks:
        return Turn(_plain(standing, "unknown_sender"))
    return _only_words(standing, said)


def _only_words(standing: Standing, said: Incoming) -> Turn:
    if said.event is Event.EDITED:
        return Turn(_plain(standing, "edit_ignored"))
    if standing.stage is Stage.ITEMS and standing.state and standing.state.ended is None:
        return Turn(question(standing, error=standing.words("only_words", standing.language)))
    return Turn(_plain(standing, "only_words"))


def _nothing_open(standing: Standing, said: Incoming) -> Turn:
    if said.event is Event.PRESS:
        return Turn(Reply(toast=standing.words("nothing_open", standing.language)))
    return Turn(_plain(standing, "nothing_open"))


def _invited(standing: Standing, said: Incoming, ordered: Command | None) -> Turn:
    """A notice is out (or due): any word but "later" opens the wave, with its consent text first."""
    if ordered is Command.LEAVE or said.text == LATER:
        return Turn(replace(_plain(standing, "left"), same=said.event is Event.PRESS))
    return Turn(replace(consent_screen(standing), same=said.event is Event.PRESS), acts=(Act.BEGIN,))


def _notice_pressed(standing: Standing, said: Incoming) -> Turn:
    """A notice or reminder reached somebody who had begun: its buttons lead back to where they stand, or put it off."""
    if said.text == LATER:
        return Turn(replace(_plain(standing, "left"), same=True))
    if standing.stage is Stage.CONSENT:
        return Turn(replace(consent_screen(standing), same=True))
    if standing.state is not None and standing.state.ended is Ending.LEFT:
        return _return(standing, said)
    return Turn(replace(question(standing), same=True))


def _consent(standing: Standing, said: Incoming, ordered: Command | None) -> Turn:
    same = said.event is Event.PRESS
    if ordered is Command.LEAVE:
        return Turn(_plain(standing, "left"), acts=(Act.LEAVE,))
    answer = _assented(standing, said)
    if answer is Assent.YES and standing.form:
        state = engine.start(standing.form, standing.language, dict(standing.facts), standing.now)
        begun = replace(standing, state=state, stage=Stage.ITEMS)
        return Turn(replace(question(begun), same=same), acts=(Act.AGREE,), state=state)
    if answer is Assent.NO:
        return Turn(replace(_plain(standing, "consent_declined"), same=same), acts=(Act.REFUSE,))
    if same and said.message != standing.bubble and standing.bubble:
        return Turn(Reply(toast=standing.words("press_stale", standing.language)))
    return Turn(replace(consent_screen(standing), same=same))


def _assented(standing: Standing, said: Incoming) -> Assent | None:
    if said.event is Event.PRESS:
        return {f"{standing.tag}.{AGREE}": Assent.YES, f"{standing.tag}.{DISAGREE}": Assent.NO}.get(said.text)
    words, language = standing.words, standing.language
    shown = words("consent_agree", language), words("consent_decline", language)
    return assent(said.text, shown) if said.event is Event.TEXT else None


def _items(standing: Standing, said: Incoming) -> Turn:
    assert standing.form is not None
    assert standing.state is not None
    if standing.state.ended is Ending.LEFT:
        return _return(standing, said)
    if said.event is Event.START:
        return Turn(question(standing))
    if said.event is Event.PRESS:
        return _press(standing, said)
    unsure = standing.bubble is None and standing.channel not in SCREENS
    if not command(said.text, standing.language) and (unsure or _is_on_page(standing)):
        return Turn(question(standing))  # the last may never have arrived: words typed now could be meant for another
    return _stepped(standing, engine.step(standing.form, standing.state, Typed(said.text), standing.now), same=False)


def _is_on_page(standing: Standing) -> bool:
    """Whether the open question went as a link to the page, because it must not, or cannot, go by this channel."""
    return standing.channel is Channel.SMS and question(standing).link


def _return(standing: Standing, said: Incoming) -> Turn:
    assert standing.form is not None
    assert standing.state is not None
    if command(said.text, standing.language) is Command.LEAVE:
        return Turn(_plain(standing, "left"))
    state = engine.resume(standing.form, standing.state, standing.now)
    return Turn(question(replace(standing, state=state)), state=state)


def _press(standing: Standing, said: Incoming) -> Turn:
    assert standing.form is not None
    assert standing.state is not None
    state = standing.state
    offered = standing.form.choices(state.at, state.values, standing.now) if state.at else ()
    meant = pressed(said.text, standing.tag, state.turn, offered)
    if meant is None:
        return Turn(Reply(toast=standing.words("press_stale", standing.language)))
    return _stepped(standing, engine.step(standing.form, standing.state, meant, standing.now), same=True, said=said)


def _stepped(standing: Standing, result: Step, *, same: bool, said: Incoming | None = None) -> Turn:
    if result.stale:
        return Turn(_stale(standing, said))
    kept = Turn(state=result.state, changes=result.changes, findings=result.findings)
    after = replace(standing, state=result.state)
    match result.state.ended:
        case Ending.COMPLETE:
            return replace(kept, reply=replace(_plain(after, "closing"), same=same), acts=(Act.COMPLETE,))
        case Ending.LEFT:
            return replace(kept, reply=replace(_plain(after, "left"), same=same), acts=(Act.LEAVE,))
        case _:
            return replace(kept, reply=replace(_again(after, result), same=same))


def _again(after: Standing, result: Step) -> Reply:
    """The question that follows; before it help that was asked for, or why it is asked again. Words of danger were not
    misunderstood: `with_lines` says what is to be said about them."""
    if any(found.danger for found in result.findings):
        return question(after)
    if result.command is Command.HELP:
        return question(after, first=result.error or "")
    return question(after, error=result.error)


def _stale(standing: Standing, said: Incoming | None) -> Reply:
    """A button of an earlier question. Where the present one may not have arrived, it is shown (again)."""
    toast = standing.words("press_stale", standing.language)
    if said and (standing.bubble is None or said.message == standing.bubble):
        return replace(question(standing), same=True, toast=toast)
    return Reply(toast=toast)


LINK = "{link}"
SCREENS = (Channel.PAGE, Channel.PHONE)
"""Where each form names the question that it answers: on the page, and where staff type what is said in a call."""
AGREE, DISAGREE, BEGIN, LATER = "yes", "no", "begin", "later"


def consent_screen(standing: Standing) -> Reply:
    """The wave's consent text with its two buttons, before the first item."""
    words, language = standing.words, standing.language
    rows = (
        (Button(words("consent_agree", language), f"{standing.tag}.{AGREE}"),),
        (Button(words("consent_decline", language), f"{standing.tag}.{DISAGREE}"),),
    )
    return Reply(Shown(words("consent_wave", language), rows), asks=True)


def question(standing: Standing, error: str | None = None, first: str = "") -> Reply:
    """The question at which the interview stands; `error` says why again, `first` must be read before it."""
    assert standing.form is not None
    assert standing.state is not None
    asked = ask(standing.form, standing.state, standing.now)
    assert asked is not None
    if standing.channel is Channel.SMS:
        return _by_sms(standing, asked, error, first)
    note = first or error or ""
    return Reply(show(asked, standing.tag, standing.language, note), asks=True, note=note)


def _by_sms(standing: Standing, asked: Ask, error: str | None, first: str) -> Reply:
    """The question in one SMS, or the way to the page where it must not, or cannot, go by SMS."""
    assert standing.form is not None
    may_go = Channel.SMS in standing.form.instrument.item(asked.item).channels
    said = (asked, standing.language, error)
    text = question_text(*said, first=first, script=standing.script) if may_go else None
    if text is None:
        words = "\n".join(filter(None, (first, standing.words("sms_on_page", standing.language))))
        return Reply(Shown(f"{words} {LINK}"), asks=True, link=True)
    return Reply(Shown(text), asks=True)


def _plain(standing: Standing, text: str) -> Reply:
    return Reply(Shown(standing.words(text, standing.language)))
