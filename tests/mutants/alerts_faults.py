"""Faults of the bar of every page: it would tell of something hidden, or be silenced by anybody."""

from tests.mutants.planting import Fault

ALERTS = "tests.web.test_alerts"

ALERTS_FAULTS = (
    Fault(
        name="a flash record is on the page of who may not see it",
        where="tansiq.board.attention:hasty",
        old="r.haste IN ('safety', 'flash') AND",
        new="r.haste IN ('safety', 'flash') OR",
        killer=f"{ALERTS}:test_what_somebody_may_not_see_rings_for_others_alone",
    ),
    Fault(
        name="the title counts a recall that is hidden",
        where="tansiq.board.attention:to_note",
        old="r.why <> '{ARRIVAL}' AND",
        new="r.why = '{RECALLED}' OR",
        killer=f"{ALERTS}:test_a_recall_of_what_was_hidden_is_told_to_nobody_else",
    ),
    Fault(
        name="the bar shows a record and nobody keeps that it did",
        where="tansiq.web.shell.alerts:bar_for",
        old="if shown is not None and shown.view is not None:",
        new="if shown is not None and shown.view is None:",
        killer=f"{ALERTS}:test_the_bar_is_kept_in_the_access_log_as_shown",
    ),
    Fault(
        name="whoever reads a flash record silences it for the watch",
        where="tansiq.desk.records.attention:hear",
        old="if actor.role not in WATCH:",
        new="if actor.role is None:",
        killer=f"{ALERTS}:test_who_is_not_asked_reads_it_and_hears_no_sound",
    ),
)
