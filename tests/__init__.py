"""Tests. unit: rules; store: both databases; dispatch: bolt against the sandbox; e2e: real processes and servers."""
