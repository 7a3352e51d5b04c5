"""Pictures of what the domain knows, as PNG. `week` says what is drawn where, `sheet` knows matplotlib."""
