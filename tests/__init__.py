"""Tests. unit: rules; store: both databases; dispatch: bolt against the sandbox; e2e: real processes and servers.

faults: running bots are struck down (a short set, after all else, by itself: `./reply24 test -n0 tests/faults`).
fuzz: inputs that nobody thought of (`python -m tests.fuzz`). `.ci/run` does all but what takes hours.
`REPLY24_DATA_KEYS="$(./reply24 keys new)" ./reply24 test tests/store` does the tests of storage on encrypted data.
"""
