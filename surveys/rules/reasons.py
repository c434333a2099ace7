"""Why something is not sent, or not sent yet: one closed set of codes, each with one line that staff can read.

Codes are stored: extend them, never rename one. No line ever holds anything about a person.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a wave or a message is skipped, held, moved or cancelled."""

    WAVE_OFF = "wave_off"
    ENTERED_TOO_LATE = "entered_too_late"
    NO_ALLOWED_TIME = "no_allowed_time"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"
    DECEASED = "deceased"
    MOVED_ABROAD = "moved_abroad"
    IN_CUSTODY = "in_custody"
    SUSPENDED = "suspended"
    NO_CONSENT = "no_consent"
    NO_CALL_CONSENT = "no_call_consent"
    SIDE_HELD = "side_held"
    CENTRE_HELD = "centre_held"
    PERSON_HELD = "person_held"
    NO_INVITATION = "no_invitation"
    OTHER_COURSE = "other_course"
    ANSWERED = "answered"
    BEGUN = "begun"
    WAVE_OVER = "wave_over"
    NOT_OPEN_YET = "not_open_yet"
    TOO_LATE = "too_late"
    NO_CONTACT = "no_contact"
    NOT_BOUND = "not_bound"
    CONTACT_SUSPENDED = "contact_suspended"
    OTHER_CHANNEL = "other_channel"
    NOTICE_NOT_SENT = "notice_not_sent"
    CAP_OF_THE_WAVE = "cap_of_the_wave"
    CAP_OF_THE_DAY = "cap_of_the_day"
    OUTSIDE_HOURS = "outside_hours"
    CALLED = "called"
    NO_OCCASION = "no_occasion"
    NO_PAGE = "no_page"
    FEWER_AGREED = "fewer_agreed"
    NOT_READY = "not_ready"
    NOT_COVERED = "not_covered"
    NO_SAFE_CONTACT = "no_safe_contact"
    NOT_RECONFIRMED = "not_reconfirmed"
    DO_NOT_CONTACT = "do_not_contact"

    @property
    def line(self) -> str:
        """The reason as one English line."""
        return _LINES[self]


_LINES = {
    Reason.WAVE_OFF: "This wave is optional and switched off in the protocol.",
    Reason.ENTERED_TOO_LATE: "The completion date was entered after the wave had closed.",
    Reason.NO_ALLOWED_TIME: "No allowed hour is left before it is too late.",
    Reason.WITHDRAWN: "The person withdrew; nothing is ever sent again.",
    Reason.PURGED: "The person's data were deleted.",
    Reason.DECEASED: "The person has died.",
    Reason.MOVED_ABROAD: "The person moved abroad.",
    Reason.IN_CUSTODY: "The person is in custody; staff must set them active again.",
    Reason.SUSPENDED: "The person is suspended until staff have looked.",
    Reason.NO_CONSENT: "There is no consent to be contacted in force.",
    Reason.NO_CALL_CONSENT: "There is no consent to be called in force.",
    Reason.NO_OCCASION: "Nothing to call about: no wave by telephone, nothing to confirm, no alert.",
    Reason.SIDE_HELD: "The whole side is on hold.",
    Reason.CENTRE_HELD: "The centre is on hold.",
    Reason.PERSON_HELD: "This person is on hold.",
    Reason.NO_INVITATION: "There is no invitation that this message belongs to.",
    Reason.OTHER_COURSE: "The invitation belongs to an earlier course of the programme.",
    Reason.ANSWERED: "The wave was answered, or declined, already.",
    Reason.BEGUN: "The person began by themselves before this message left.",
    Reason.WAVE_OVER: "The wave is over.",
    Reason.NOT_OPEN_YET: "The wave is not open yet.",
    Reason.TOO_LATE: "The time for this message has passed.",
    Reason.NO_CONTACT: "There is no address on the chosen channel.",
    Reason.NOT_BOUND: "The person has not opened their link yet, so the address is not verified.",
    Reason.CONTACT_SUSPENDED: "The address is suspended until staff have looked at the task.",
    Reason.OTHER_CHANNEL: "The person chose another channel after this was planned.",
    Reason.NOTICE_NOT_SENT: "A reminder waits until the first message was sent.",
    Reason.CAP_OF_THE_WAVE: "The most messages for one wave were sent already.",
    Reason.CAP_OF_THE_DAY: "The most messages for one day were sent already.",
    Reason.OUTSIDE_HOURS: "It is outside the hours, on a blackout day, or on a holiday or its eve.",
    Reason.NO_PAGE: "The message would carry a link, and no page is served here.",
    Reason.NOT_READY: "The readiness of this side is not recorded yet.",
    Reason.NOT_COVERED: "Nobody is on call for this centre at this hour.",
    Reason.NO_SAFE_CONTACT: "No safe contact is recorded for this person.",
    Reason.NOT_RECONFIRMED: "The safe contact was not confirmed anew for this wave.",
    Reason.DO_NOT_CONTACT: "It was agreed with the person that nobody contacts them.",
    Reason.FEWER_AGREED: "Fewer reminders were agreed on with the person.",
    Reason.CALLED: "The person is called, not written to; a task was opened for a worker.",
}
