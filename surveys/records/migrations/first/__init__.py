"""The tables of the first revision, by what they are about. History: they are never touched again."""
