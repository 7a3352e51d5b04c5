"""Looking for inputs that break the bot: what must hold for any bytes, and a driver that searches for them.

`targets` says what must hold; the suite tries it with hypothesis (tests/unit/test_fuzz_*.py), and
`python -m tests.fuzz` searches for hours, guided by which lines an input reaches (see there).
"""
