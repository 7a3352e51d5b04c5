"""Stand-ins for the outside world, for the demo and the tests. Only `cli` and tests start them."""
