"""Values: what the other layers speak of. They know nothing of one another."""
