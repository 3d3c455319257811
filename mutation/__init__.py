"""Breaks the library's rules one by one, and counts which of the breaks the conformance vectors see."""
