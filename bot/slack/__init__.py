"""Slack: the bolt app, what people click and type, what they see, and the only calls that post."""
