"""I8 to I10: what was heard counts once, lands where it was asked, and a risk answer has its alert."""

from collections import Counter

from surveys.instruments.model import Item
from surveys.rules.risk import urgency_of
from surveys.rules.vocabulary import Urgency
from surveys.steps.stored_answer import decode
from tests.invariants.seen import Seen


def numbers_once(seen: Seen) -> None:
    """I8: a provider's update is there once; a message's number belongs to one delivery that the service started."""
    taken = Counter((each["provider"], each["provider_id"]) for each in seen["inbox"])
    assert max(taken.values(), default=0) <= 1, "I8: an update is there twice"
    made = Counter(each["provider_message"] for each in seen.started() if each["provider_message"])
    assert max(made.values(), default=0) <= 1, "I8: a message's number is there twice"


def by_who_agreed(seen: Seen) -> None:
    """I9: an answer was given in a live interview of its own wave, after that wave's consent."""
    talks = {each["id"]: each for each in seen["interviews"]}
    agreed = {each["invitation"]: each["at"] for each in seen["consents"] if each["invitation"] and each["given"]}
    for each in seen["answers"]:
        talk, consented = talks[each["interview"]], agreed.get(each["invitation"])
        assert talk["invitation"] == each["invitation"], "I9: an answer to another wave's interview"
        assert consented is not None, "I9: an answer without the wave's consent"
        assert consented <= each["given_at"] + seen.back, "I9: an answer before the wave's consent"
        assert talk["ended_at"] is None or each["given_at"] <= talk["ended_at"] + seen.back, (
            "I9: an answer after the end"
        )


def by_a_bound_sender(seen: Seen) -> None:
    """I9: where an interview hangs on a contact, that one was verified, and the participant's, when it was answered."""
    own = {each.id: each for several in seen.reached.values() for each in several}
    talks = {each["id"]: each for each in seen["interviews"]}
    for each in seen.given:
        contact = own.get(talks[each.interview]["contact"] or "")
        if contact is not None:
            assert contact.participant == each.participant, "I9: answered by somebody else's contact"
            assert contact.verified_at is not None, "I9: answered by a sender who was never bound"


def alerts_opened(seen: Seen) -> None:
    """I10: each risk answer that calls for one has exactly one alert, opened with it, of the participant's centre."""
    made = Counter((each["interview"], each["item"], each["rule"]) for each in seen["alerts"] if each["interview"])
    assert max(made.values(), default=0) <= 1, "I10: an alert is there twice"
    opened = {(each["interview"], each["item"]): each for each in seen["alerts"]}
    centres = {each["id"]: each["centre"] for each in seen["participants"]}
    talks = {each["id"]: (each["instrument"], each["version"]) for each in seen["interviews"]}
    for each in seen.given:
        value, _ = decode(each.value)
        item = _items(seen, talks[each.interview]).get(each.item)
        found = urgency_of(item.risks, value) if item is not None and value else None
        if found in (Urgency.URGENT, Urgency.ALERT):
            alert = opened.get((each.interview, each.item))
            assert alert is not None, "I10: a risk answer without its alert"
            assert alert["opened_at"] <= each.given_at, "I10: an alert that came after its answer"
            assert alert["participant"] == each.participant, "I10: an alert of somebody else"
            assert alert["centre"] == centres[each.participant], "I10: an alert of another centre"


def _items(seen: Seen, form: tuple[str, str]) -> dict[str, Item]:
    return {each.name: each for each in seen.forms[form].instrument.items}


CHECKS = (numbers_once, by_who_agreed, by_a_bound_sender, alerts_opened)
