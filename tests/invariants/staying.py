"""I7, I11, I12: what came in is dealt with, what was withdrawn stays so, and nothing is lost without a word."""

from tests.invariants.seen import ANSWERING, Seen


def withdrawn_for_good(seen: Seen) -> None:
    """I11: nothing is planned for, or started to, who has withdrawn."""
    gone = {
        each["id"]: each["changed_at"] for each in seen["participants"] if each["status"] in ("withdrawn", "purged")
    }
    for each in seen["deliveries"]:
        if each["participant"] in gone and each["kind"] not in ANSWERING:
            assert each["state"] != "planned", "I11: planned for a person who withdrew"
            assert each["claimed_at"] is None or each["claimed_at"] <= gone[each["participant"]], "I11: sent after"


def nothing_lost(seen: Seen) -> None:
    """I7, I12: dead updates and unknown or failed messages have a task; what is cancelled has a reason; a wave that is
    over leaves nothing planned."""
    subjects = {each["subject"] for each in seen["tasks"]}
    closed = {each["id"] for each in seen["invitations"] if each["state"] == "closed"}
    for each in seen["inbox"]:
        assert each["state"] != "dead" or str(each["seq"]) in subjects, "I7: dead without a task"
    for each in seen["deliveries"]:
        if each["kind"] in ANSWERING:
            continue
        assert each["state"] != "cancelled" or each["reason"], "I12: cancelled without a reason"
        assert each["state"] != "planned" or each["invitation"] not in closed, "I12: planned for a wave that is over"
        if each["state"] in ("failed", "unknown"):
            assert each["id"] in subjects, f"I12: {each['state']} without a task"


CHECKS = (withdrawn_for_good, nothing_lost)
