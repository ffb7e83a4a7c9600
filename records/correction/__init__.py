"""Mending what an engine misheard: the right syllables written with the wrong characters."""
