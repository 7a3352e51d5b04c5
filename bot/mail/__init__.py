"""Mail: reading what comes in, composing and sending what goes out. Knows domain data only."""
