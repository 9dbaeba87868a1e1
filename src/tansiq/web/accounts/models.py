"""Persons as roster numbers, what they may sign on as, the lock after failures; who sits where;
for what the columns of tables are taken.

Second factors stand in the tables of ``allauth.mfa``.
"""

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


class OpenSession(models.Model):
    """A person who has signed on at a position in one browser. Times in milliseconds by the node's
    clock.
    """

    key: "models.CharField[str, str]" = models.CharField(
        max_length=40, unique=True
    )  # of the cookie
    roster: "models.CharField[str, str]" = models.CharField(max_length=24, db_index=True)
    position: "models.CharField[str, str]" = models.CharField(max_length=32)
    opened: "models.BigIntegerField[int, int]" = models.BigIntegerField()
    seen: "models.BigIntegerField[int, int]" = models.BigIntegerField()
    # When it was locked, by key or by rest; 0 = open.
    locked: "models.BigIntegerField[int, int]" = models.BigIntegerField(default=0)
    # Signed on with a passphrase where a second factor is wanted and there is none yet.
    enrols: "models.BooleanField[bool, bool]" = models.BooleanField(default=False)
    # When this person last proved who they are: acts on factors want it fresh.
    proved: "models.BigIntegerField[int, int]" = models.BigIntegerField(default=0)
    # When somebody had signed on at this position before; 0 = nobody had.
    since: "models.BigIntegerField[int, int]" = models.BigIntegerField(default=0)
    # The browser shows the wall view and nothing else.
    wall: "models.BooleanField[bool, bool]" = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.roster} at {self.position}"


class KeptColumns(models.Model):
    """For what the columns of tables with these headers are taken, as somebody of the own party
    kept it: a name, the digest of the headers, and the columns as they stand, parted by commas.
    """

    name: "models.CharField[str, str]" = models.CharField(max_length=60, unique=True)
    headers: "models.CharField[str, str]" = models.CharField(max_length=64, db_index=True)
    columns: "models.TextField[str, str]" = models.TextField()
    dates: "models.CharField[str, str]" = models.CharField(max_length=12, default="")

    def __str__(self) -> str:
        return self.name


class LastSignOn(models.Model):
    """When somebody last signed on at a position, and when before that: of the position, and of no
    person. Times in milliseconds, 0 = never.
    """

    position: "models.CharField[str, str]" = models.CharField(max_length=32, unique=True)
    at: "models.BigIntegerField[int, int]" = models.BigIntegerField()
    before: "models.BigIntegerField[int, int]" = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.position
