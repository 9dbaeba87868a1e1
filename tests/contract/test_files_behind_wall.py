"""What PostgreSQL itself shows of files to whoever goes round the application."""

import psycopg
import pytest

from tansiq.board import queries
from tansiq.desk.records import say
from tansiq.domain.parties import Classification, PartyCode
from tests import stores
from tests.contract.test_second_wall import as_reader, everything, told
from tests.world import CLEARED, incident, rule, to, worlds


@pytest.fixture
def filed():
    """Two desks on PostgreSQL, and what the database shows a position of a file: bytes, name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(stores.CHOICE, "postgresql")
        with worlds("MPA", "MOD") as made:
            secret = dict.fromkeys(map(PartyCode, made.desks), Classification.SECRET)
            every = rule("MPA", "ALL-MPA", class_max=Classification.SECRET)
            made.agree("MPA", "MOD", every, clearance=secret)

            def shown(party, position="observer"):
                desk = made.desk(party)
                viewer, now = made.viewer(party, position), made.clock.now()
                reader = queries.row_reader(desk.board, viewer, now)
                with psycopg.connect(desk.database._address, autocommit=True) as connection:
                    as_reader(connection, reader)
                    found = everything(connection)
                    words = "SELECT released_words('canary:*'::tsquery)"
                    name = connection.execute(words).fetchall() or told(found["entry"])
                    return bool(found["chunk"]), bool(name)

            yield made, shown


BOTH, NEITHER, NAME = (True, True), (False, False), (False, True)


def test_a2_behind_the_wall_a_file_is_shown_only_with_a_record_that_names_it(filed):
    """Neither its bytes nor its name, whatever its own label says: of no record, of one that may
    not be seen any more, of one that left it out. The owner still reads the name of what has left.
    """
    made, shown = filed
    open_, secret = to("MOD"), to("MOD", classification=Classification.SECRET)
    file = made.attach("MPA", "canary1x.txt", b"canary", open_)
    assert shown("MPA", CLEARED) == NEITHER
    record = made.write("MPA", "fire", incident(open_, attachments=[file]))
    assert shown("MPA") == BOTH
    desk, actor = made.desk("MPA"), made.actor("MPA")

    def revised(label, **body):
        base = say.current(desk, actor, record).value.digest
        say.revise(desk, actor, record, base, incident(label, **body))

    revised(secret, attachments=[file])
    assert (shown("MPA"), shown("MPA", CLEARED)) == (NEITHER, BOTH)
    revised(open_, attachments=[])
    assert shown("MPA", CLEARED) == NEITHER
    revised(open_, attachments=[file])
    made.release("MPA", record, "MOD", "ALL-MPA", "one")
    made.exchange("MPA", "MOD")
    assert shown("MOD") == BOTH
    revised(secret, attachments=[file])
    made.release("MPA", record, "MOD", "ALL-MPA", "two")
    made.exchange("MPA", "MOD")
    assert (shown("MOD"), shown("MOD", CLEARED)) == (NEITHER, BOTH)
    assert shown("MPA") == NAME
