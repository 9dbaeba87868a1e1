"""Faults of files: where they are read, what goes along, what stays in them."""

from tests.mutants.planting import Fault

FILES = "tests.unit.test_files"
TRACES = "tests.unit.test_traces"
BESIDE = "tests.unit.test_files_beside"
PAGES = "tests.web.test_files"

FILE_FAULTS = (
    Fault(
        name="a file is read under its own label alone",
        where="tansiq.policy.files:readable_under",
        old="tuple(join((file, one)) for one in dict.fromkeys(carriers))",
        new="(file,)",
        killer=f"{FILES}:test_a2_raising_the_label_of_a_record_closes_its_file",
    ),
    Fault(
        name="a file is read where its record is, whatever its own label",
        where="tansiq.policy.files:readable_under",
        old="join((file, one))",
        new="one",
        killer=f"{FILES}:test_a2_the_labels_of_file_and_record_are_joined",
    ),
    Fault(
        name="the bytes of a file are read as by one who may see more",
        where="tansiq.desk.records.read:attachment",
        old="view = record(desk, viewer, owner, identity)",
        new=(
            "top = max(type(viewer.clearance), key=lambda level: level.rank)\n"
            "    view = record(desk, replace(viewer, clearance=top), owner, identity)"
        ),
        killer=f"{FILES}:test_a2_a_newer_release_under_a_higher_label_closes_the_file_there",
    ),
    Fault(
        name="a record of another party opens a file",
        where="tansiq.board.files:_carriers",
        old=" AND c.owner = ?",
        new=" AND c.owner <> '' AND ? <> ''",
        killer=f"{FILES}:test_a2_a_record_of_another_party_opens_no_file",
    ),
    Fault(
        name="damaged bytes of a file are handed out",
        where="tansiq.desk.records.read:attachment",
        old='if hashlib.sha256(data).hexdigest() != view.value.body.get("digest"):',
        new="if not data:",
        killer="tests.unit.test_desk:test_an_attachment_is_read_as_one_or_not_at_all",
    ),
    Fault(
        name="a part of a file is handed out as the whole",
        where="tansiq.desk.records.read:attachment",
        old="if view.value.received is not None and",
        new="if view.value.received is None and",
        killer=f"{BESIDE}:test_b5_a_file_goes_on_at_any_byte_and_is_delivered_when_it_is_whole",
    ),
    Fault(
        name="a file that an edition left out stays with the partner",
        where="tansiq.desk.release.recalling:recall_left_out",
        old="for file in found]",
        new="for file in found[:0]]",
        killer=f"{FILES}:test_a2_a_file_that_a_newer_edition_left_out_is_recalled",
    ),
    Fault(
        name="what one record leaves out is taken from all",
        where="tansiq.board.files:left_out",
        old="if file not in now",
        new="if file not in now or True",
        killer=f"{FILES}:test_a2_a_file_of_two_records_stays_with_the_other",
    ),
    Fault(
        name="a file outlives the record with which it came",
        where="tansiq.desk.release.purging:_purge",
        old="left = files.not_named(board, one.owner, named)",
        new="left = list[str]()",
        killer=f"{FILES}:test_a2_a_file_ends_with_its_record_at_the_partner",
    ),
    Fault(
        name="a file is released by itself",
        where="tansiq.desk.release.proposing:stands_alone",
        old="if kind == ATTACHMENT.name",
        new="if not kind",
        killer=f"{FILES}:test_a2_a_file_is_never_released_by_itself",
    ),
    Fault(
        name="what could not be cleaned goes by itself",
        where="tansiq.policy.files:along",
        old='edition.body.get("traces") in CLEAN',
        new="True",
        killer=f"{FILES}:test_a10_what_may_hold_traces_goes_only_where_a_person_releases",
    ),
    Fault(
        name="a document keeps who wrote its remarks",
        where="tansiq.gateways.traces.documents:_is_note",
        old='return place and part.get("/Subtype") != Name.Widget',
        new='return False and part.get("/Subtype") != Name.Widget',
        killer=f"{TRACES}:test_a10_documents_lose_who_wrote_them_and_keep_what_they_say",
    ),
    Fault(
        name="a document that holds files counts as cleaned",
        where="tansiq.gateways.traces.documents:_clean",
        old="if any(name in part for name in _CLOSED)",
        new="if False and any(name in part for name in _CLOSED)",
        killer=f"{TRACES}:test_a10_a_document_that_holds_files_is_not_cleaned",
    ),
    Fault(
        name="a form keeps the originals of all that it cleaned",
        where="tansiq.web.shell.forms:_take_files",
        old='if request.POST.get("files_original") and',
        new="if",
        killer=f"{PAGES}:test_a10_what_a_form_brings_is_cleaned_and_named_neutrally",
    ),
    Fault(
        name="a form drops a file that its writer does not see",
        where="tansiq.web.records.editing:_without_dropped",
        old="dropped & seen",
        new="dropped",
        killer=f"{PAGES}:test_c7_nobody_takes_off_a_file_that_is_not_shown_to_that_person",
    ),
    Fault(
        name="of many recalls in one parcel only some are carried out",
        where="tansiq.desk.release.purging:recalled",
        old="range(_ROUNDS_MAX)",
        new="range(1)",
        killer=f"{FILES}:test_a9_all_of_620_recalls_in_one_parcel_are_purged",
    ),
    Fault(
        name="what a killed backup left stays in the folder",
        where="tansiq.node.leftovers:clear_backup",
        old="if free:",
        new="if not free:",
        killer="tests.unit.test_leftovers:test_a9_a_killed_backup_leaves_nothing_that_lasts",
        given={"how": "open"},
    ),
)
