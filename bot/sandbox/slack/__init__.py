"""A strict stand-in for Slack, with a page; start reading at `server.py` and `driver.py`."""
