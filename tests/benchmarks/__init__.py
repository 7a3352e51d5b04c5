"""Speed and size, as ratios of the same run: `python -m tests.benchmarks` prints a table."""
