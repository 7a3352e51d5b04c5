"""The second road of urgent pings, for when Slack is down or a person can't be reached there: webhooks and e-mail.

Two endings besides "done", and both may be tried again or not without harm: Unreachable (again later) and Refused
(never). A ping that comes twice is better than one that never came, so doubt counts as Unreachable.
"""
