"""Faults by which something old passes for new, or who may not know hears of what is held."""

from tests.mutants.planting import Fault

VERSIONS = "tests.unit.test_versions"

EVOLUTION_FAULTS = (
    Fault(
        name="an older edition passes for the newest",
        where="tansiq.board.held_editions:govern",
        old="h.seq > r.seq",
        new="h.seq < r.seq",
        killer=f"{VERSIONS}:test_a_newer_edition_is_held_and_everybody_is_told",
    ),
    Fault(
        name="an edition of a newer version is read as if it were known",
        where="tansiq.domain.kinds.kind:Kind.reads",
        old="1 <= version <= self.version",
        new="1 <= version",
        killer=f"{VERSIONS}:test_a_newer_edition_is_held_and_everybody_is_told",
    ),
    Fault(
        name="what is held is told to who may not see it",
        where="tansiq.board.held_editions:_stand_under",
        old="label = join([label, label_from_text(text)])",
        new="label = join([label])",
        killer=f"{VERSIONS}:test_who_may_not_see_the_newer_edition_learns_nothing_of_it",
    ),
    Fault(
        name="one record says that something is held under the older label alone",
        where="tansiq.board.views:viewed",
        old="join([label, label_from_text(str(newer))])",
        new="label",
        killer=f"{VERSIONS}:test_who_may_not_see_the_newer_edition_learns_nothing_of_it",
    ),
    Fault(
        name="what was only held leaves a trace",
        where="tansiq.board.board:Board.holds",
        old="AND held = ''",
        new="AND held = held",
        killer=f"{VERSIONS}:test_a_recall_of_what_is_held_lets_the_older_one_stand_again",
    ),
    Fault(
        name="a board that another program folded is taken for current",
        where="tansiq.board.folding:digest",
        old="KINDS, program()]",
        new="len(KINDS)]",
        killer="tests.unit.test_refolding:test_a_new_field_costs_nothing",
    ),
    Fault(
        name="an upcaster lifts something over the tear line",
        where="tansiq.domain.kinds.newest:own_newest",
        old="if moved else",
        new="if not body else",
        killer=f"{VERSIONS}:test_editing_an_old_record_writes_the_newest_version",
    ),
)
