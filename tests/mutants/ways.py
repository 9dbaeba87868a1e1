"""Faults of tables, their ways out, and the numbers of charts."""

from tests.mutants.file_faults import FILE_FAULTS
from tests.mutants.lists import LISTED
from tests.mutants.planting import Fault

TABLES = "tests.unit.test_tables"

WAYS = (
    Fault(
        name="a row whose letters a program destroyed is imported",
        where="tansiq.desk.reader.rows:eaten",
        old="_replaced(cell) or _misread(cell)",
        new="_misread(cell)",
        killer="tests.unit.test_tables_of_others:test_c8_question_marks_for_letters_are_seen",
    ),
    Fault(
        name="a chart counts what its reader may not see",
        where="tansiq.board.holdings:left_count",
        old="WHERE {seen} AND {where}",
        new="WHERE ({seen} OR 1 = 1) AND {where}",
        killer="tests.unit.test_held:test_a_number_counts_the_rows_of_its_list",
    ),
    Fault(
        name="a facet of who holds what counts what its reader may not see",
        where="tansiq.board.holdings:left_stands",
        old="WHERE {seen} AND {where}",
        new="WHERE ({seen} OR 1 = 1) AND {where}",
        killer="tests.unit.test_held:test_how_it_stands_counts_the_rows_of_its_list",
    ),
    Fault(
        name="the count of approvals counts what is hidden",
        where="tansiq.board.approvals:counts",
        old="AND {seen} AND {where}",
        new="AND ({seen} OR 1 = 1) AND {where}",
        killer="tests.unit.test_approvals:test_a_count_says_nothing_of_hidden_releases",
    ),
    Fault(
        name="approvals count what their reader cannot decide",
        where="tansiq.desk.records.approvals:to_decide",
        old="whose=Whose.DECIDE",
        new="whose=Whose.ALL",
        killer="tests.unit.test_approvals:test_d13_each_is_asked_what_each_can_decide",
    ),
    Fault(
        name="anybody withdraws a prepared release",
        where="tansiq.policy.mandate:may_withdraw",
        old="actor.person == preparer.person",
        new='actor.person != ""',
        killer="tests.unit.test_approvals:test_d13_who_prepared_a_release_withdraws_it",
    ),
    Fault(
        name="a file holds a row that may not leave",
        where="tansiq.domain.tables:Table.leaving",
        old="if way in row.ways)",
        new="if way)",
        killer=f"{TABLES}:test_what_goes_on_and_what_stays_is_said",
    ),
    Fault(
        name="a table holds what was released for another",
        where="tansiq.policy.release:gather",
        old="if any(part.viewer != viewer for part in parts):",
        new="if False:",
        killer=f"{TABLES}:test_a_table_is_made_for_one_viewer",
    ),
    Fault(
        name="a formula stands behind a semicolon",
        where="tansiq.web.shell.sheets:_safe",
        old='_INSIDE.sub(r"\\1\'", text)',
        new="text",
        killer=f"{TABLES}:test_no_cell_is_a_formula_where_something_else_parts_the_cells",
        given={"parts": ";", "sign": "="},
    ),
    Fault(
        name="a formula leaves as a formula",
        where="tansiq.web.shell.sheets:_safe",
        old="if _FORMULA.match(text) else inside",
        new="if not text else inside",
        killer=f"{TABLES}:test_no_cell_is_a_formula",
        given={"start": "="},
    ),
    Fault(
        name="a workbook holds a formula",
        where="tansiq.web.shell.workbooks:_Page._text",
        old="self._sheet.write_string(",
        new="self._sheet.write_formula(",
        killer="tests.unit.test_lists_as_workbooks:"
        "test_no_cell_of_a_workbook_is_a_formula_or_a_link",
        given={"text": "=cmd()"},
    ),
    Fault(
        name="the entry of a calendar tells which record it is",
        where="tansiq.web.shell.calendars:_entry",
        old="str(uuid5(_NAMES, f\"{row.item.partition('@')[0]} {table.dated}\"))",
        new="row.item",
        killer="tests.unit.test_calendars:test_what_identifies_an_entry_stays_and_says_nothing",
    ),
    Fault(
        name="a long word runs off the page",
        where="tansiq.gateways.typesetting.settable:_fitted",
        old="if made and wide + step > most:",
        new="if made and wide + step < 0:",
        killer="tests.unit.test_typesetting:test_no_text_breaks_a_page_or_runs_off_it",
        given={"text": "A" * 2_000, "language": "en"},
    ),
    Fault(
        name="a page does not say its class",
        where="tansiq.web.shell.typesetting:content",
        old='"marking": leaving.marking,',
        new='"marking": "",',
        killer="tests.unit.test_typesetting:test_every_page_says_what_it_is",
        given={"language": "en"},
    ),
    Fault(
        name="a file names the person who took it",
        where="tansiq.web.shell.ways:_leaving",
        old="{seat.actor.position}",
        new="{seat.actor.person}",
        killer="tests.web.test_ways:test_every_file_holds_what_the_page_lists_and_says_what_it_is",
        given={"language": "en"},
    ),
    Fault(
        name="a file is taken and its records are not noted",
        where="tansiq.web.shell.access:shown",
        old="for row in value.value.rows if row.item",
        new="for row in value.value.rows if not row.item",
        killer="tests.web.test_ways:test_whoever_takes_a_list_is_noted_with_its_records",
    ),
    *LISTED,
    *FILE_FAULTS,
)
