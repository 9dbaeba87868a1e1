"""Faults of how numbers, dates, codes and paths keep their order between Arabic letters."""

from tests.mutants.planting import Fault

UNIT = "tests.unit.test_isolates"

ISOLATES = (
    Fault(
        name="a telephone number stands bare in what people wrote",
        where="tansiq.domain.isolates:pieces",
        old="yield plain[start:end], True",
        new="yield plain[start:end], False",
        killer=f"{UNIT}:test_c5_a_page_shows_runs_in_elements",
    ),
    Fault(
        name="what a partner wrote turns the line of ours",
        where="tansiq.domain.isolates:neutral",
        old='_MARK.sub("", without_overrides(text))',
        new='_MARK.sub("", text)',
        killer=f"{UNIT}:test_c5_marks_beside_a_number_cannot_turn_it",
    ),
    Fault(
        name="a path in a message has no isolate",
        where="tansiq.domain.isolates:_leads_left",
        old='text.startswith("/") or',
        new="",
        killer=f"{UNIT}:test_c5_a_sentence_isolates_its_values_and_itself",
    ),
    Fault(
        name="a label on the map turns round",
        where="tansiq.web.shell.mapping:_point",
        old="isolated(str(record.body.get(kind.title,",
        new="str((record.body.get(kind.title,",
        killer="tests.web.test_numbers_keep_order:"
        "test_c5_the_map_isolates_and_a_table_for_a_machine_does_not",
    ),
)
