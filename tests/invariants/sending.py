"""I1 to I6, I13, I19, I20: what left, when, to whom, how often and by whose leave."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from surveys.steps.safety import safe_hours
from tests.invariants.seen import NEVER_LEFT, Row, Seen
from tests.invariants.wire import Told

SLACK = timedelta(seconds=5)
BELGRADE = ZoneInfo("Europe/Belgrade")


def one_each(seen: Seen) -> None:
    """I1, I2: as many messages on the wire as deliveries that may have left, each claimed before."""
    sent = [each for each in seen["deliveries"] if each["state"] == "sent"]
    # edits of a bubble carry its number too: the message itself is the first delivery of that number
    left = {each["provider_message"]: each for each in sorted(sent, key=lambda row: row["claimed_at"], reverse=True)}
    unknown = sum(each["state"] in ("unknown", "claimed", "failed") for each in seen["deliveries"])
    strangers = sum(_claim_of(left, message) is None for message in seen.told)
    assert strangers <= unknown, f"I1: {strangers} messages on the wire, {unknown} deliveries that may be theirs"
    kept = Counter((each["invitation"], each["kind"], each["sequence"]) for each in seen["deliveries"]
                   if each["invitation"])  # fmt: skip
    assert max(kept.values(), default=0) <= 1, "I2: a delivery is there twice"


def _claim_of(left: dict[Any, Row], message: Told) -> Row | None:
    """The delivery that this message is; a later edit of the same bubble is no claim of the message itself."""
    found = next((left[number] for number in message.numbers if number in left), None)
    return found if found is not None and found["claimed_at"] <= message.at + SLACK else None


def consented(seen: Seen) -> None:
    """I3: whatever the service started, consent to be contacted was in force at its claim."""
    for each in seen.started():
        said = [
            c for c in seen["consents"]
            if c["participant"] == each["participant"] and c["purpose"] == "contact" and c["at"] <= each["claimed_at"]
        ]  # fmt: skip
        assert said, "I3: no consent before a message"
        assert max(said, key=lambda c: c["at"])["given"], "I3: consent was not in force"


def in_hours(seen: Seen) -> None:
    """I4: what the service starts lies in the person's own hours where there are any, else in the side's."""
    for each in seen.started():
        if each["participant"] not in seen.reached:
            continue
        contact = seen.safe_contact(each["participant"], each["claimed_at"])
        local = each["claimed_at"].astimezone(BELGRADE)
        protocol = seen.protocol_of(each["participant"])
        assert safe_hours(seen.service, contact, protocol).is_allowed(each["claimed_at"]), (
            f"I4: claimed outside the hours, {local}"
        )
        assert 7 <= local.hour < 22, f"I4: at night, at {local}"
        if contact is not None:
            assert local.date() not in contact.days_off(), "I4: on a blackout day"


def to_the_right_address(seen: Seen) -> None:
    """I5: what the service started went to an address that was verified, current and not given up at the claim."""
    for each in seen.started():
        went = {told.address for told in seen.told if str(each["provider_message"]) in told.numbers}
        if not went or each["participant"] not in seen.reached:
            continue
        assert went & set(_valid(seen, each["participant"], each["claimed_at"])), (
            "I5: sent to an address that was not the person's at that time"
        )


def _valid(seen: Seen, participant: str, at: datetime) -> Iterator[str]:
    for own in seen.reached[participant]:
        given_up = own.suspended_at is not None and own.suspended_at < at
        replaced = own.replaced_at is not None and own.replaced_at < at
        if own.verified_at is not None and own.verified_at <= at and not given_up and not replaced:
            yield own.address


def never_again(seen: Seen) -> None:
    """I13: nobody got more messages than deliveries may have left for them; none that started anything twice."""
    left, began = Counter[str](), Counter[str]()
    for each in seen["deliveries"]:
        if each["state"] not in NEVER_LEFT and each["participant"]:
            left[each["participant"]] += 1
    for each in seen.started():
        began[each["participant"]] += 1
    offers = Counter(each.address for each in seen.told if each.starts)
    got = Counter(each.address for each in seen.told if each.channel == "sms")
    for participant, own in seen.reached.items():
        addresses = {each.address for each in own}
        assert sum(offers[each] for each in addresses) <= began[participant], (
            "I13: a message that may have left was sent again"
        )
        assert sum(got[each] for each in addresses) <= left[participant], "I13: more SMS than deliveries"


def capped(seen: Seen) -> None:
    """I19: caps per person and day, and per wave."""
    days, waves = Counter[Any](), Counter[Any]()
    for each in seen.started():
        days[each["participant"], each["claimed_at"].astimezone(BELGRADE).date()] += 1
        waves[each["participant"], each["invitation"]] += 1
    for (who, _), number in days.items():
        assert number <= seen.protocol_of(who).caps.per_day, "I19: too many in a day"
    for (who, _), number in waves.items():
        assert number <= seen.protocol_of(who).caps.per_wave, "I19: too many in a wave"


def not_under_hold(seen: Seen) -> None:
    """I20: nothing was started while a hold stood over its side, centre or person."""
    centres = {each["id"]: each["centre"] for each in seen["participants"]}
    for each in seen.started():
        for hold in seen["holds"]:
            stood = hold["since"] <= each["claimed_at"] and not (
                hold["released_at"] and hold["released_at"] < each["claimed_at"]
            )
            concerns = hold["target"] in ("all", each["participant"], centres.get(each["participant"]))
            assert not (stood and concerns), "I20: started under a hold"


CHECKS = (
    one_each, consented, in_hours, to_the_right_address, never_again, capped, not_under_hold,
)  # fmt: skip
