"""What people see: pure functions from what the domain knows to Block Kit, one file a surface."""
