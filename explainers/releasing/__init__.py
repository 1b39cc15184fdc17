"""Releasing: the records of what was released, what changed since, and every address that stays."""
