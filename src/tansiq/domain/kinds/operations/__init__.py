"""Operations that must not collide: what warns of danger, and what is learned from it."""
