"""Chosen words are hashed slowly, and an unknown one takes no less work than a known one."""

from surveys.records import passwords

SLOW = "$argon2id$v=19$m=65536,t=3,p=1$"


async def test_safety_words_are_hashed_by_64_mib_and_three_passes_and_so_is_nobodys() -> None:
    kept = await passwords.hashed("jedna reč")
    assert kept.startswith(SLOW)
    assert passwords._nobodys().startswith(SLOW)
    assert await passwords.hashed("jedna reč") != kept


async def test_only_the_hashed_word_matches() -> None:
    kept = await passwords.hashed("jedna reč")
    assert await passwords.matches(kept, "jedna reč")
    assert not await passwords.matches(kept, "druga reč")
    assert not await passwords.matches(None, "nobody has this word")
    assert not await passwords.matches("no hash", "jedna reč")
