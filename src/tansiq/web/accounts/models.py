"""Persons as roster numbers, what they may sign on as, and the lock after failures."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Person(AbstractBaseUser):
    """A person of the node's own party: a roster number and a passphrase, nothing else."""

    roster = models.CharField(max_length=24, unique=True)
    positions = models.TextField(default="")  # codes, parted by spaces
    failures = models.IntegerField(default=0)
    locked_until = models.BigIntegerField(default=0)  # milliseconds since the epoch

    USERNAME_FIELD = "roster"

    def may_sit(self, position: str) -> bool:
        """Whether this person may sign on at ``position``."""
        return position in self.positions.split()
