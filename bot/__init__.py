"""reply24: gets every Amazon buyer message answered inside 24 hours. Start reading at bot/README.md."""

__version__ = "0.1.0"
