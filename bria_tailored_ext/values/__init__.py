"""Values: what the other rooms speak of. They need nothing of ours but one another."""
