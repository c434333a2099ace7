"""What the report's numbers are called. Their names say which waves of which side they tell of; the evaluator's memory
of earlier reports keeps these names, so they never change their meaning."""

SIDES = ("survivors", "ex-perpetrators")
WAVES = ("m3", "m6")
PAIRS, CHANGE, MEN = "pairs", "change", "men"
FOLLOWED, OTHER = "followed", "other"


def wave_name(side: str, wave: str) -> str:
    """What names one side's one wave."""
    return f"{side}/{wave}"


def about(name: str) -> frozenset[str]:
    """The waves of a side that the number of this name tells of; none where it may lie in, or hold, any other."""
    side, _, rest = name.partition("/")
    wave, _, what = rest.partition("/")
    if side == PAIRS:
        return frozenset(wave_name(each, wave) for each in SIDES)
    if wave == CHANGE:
        return frozenset(wave_name(side, each) for each in WAVES)
    if not what or what == MEN:
        return frozenset()
    sides = SIDES if f":{OTHER}:" in what else (side,)
    waves = WAVES if f":{FOLLOWED}:" in what else (wave,)
    return frozenset(wave_name(one, each) for one in sides for each in waves)
