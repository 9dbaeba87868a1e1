"""Operations that must not collide: safety messages, and what follows from one."""
