"""Pure rules: plain data in, plain data out. No I/O, no clock, no SQL, no Slack, no mail."""
