"""`python -m bot.cli`, which the launcher runs."""

from bot.cli import main

main()
