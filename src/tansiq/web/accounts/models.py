"""Persons as roster numbers, what they may sign on as, and the lock after failures."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Person(AbstractBaseUser):
    """A person of the node's own party: a roster number and a passphrase, nothing else."""

    roster: "models.CharField[str, str]" = models.CharField(max_length=24, unique=True)
    # Codes of positions, parted by spaces.
    positions: "models.TextField[str, str]" = models.TextField(default="")
    failures: "models.IntegerField[int, int]" = models.IntegerField(default=0)
    # Milliseconds since the epoch, 0 = not locked.
    locked_until: "models.BigIntegerField[int, int]" = models.BigIntegerField(default=0)

    USERNAME_FIELD = "roster"

    def may_sit(self, position: str) -> bool:
        """Whether this person may sign on at ``position``."""
        return position in self.positions.split()
