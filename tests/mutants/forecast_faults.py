"""Faults in forecasts and in the steering report: what a range is worked out from, how earlier ones
are judged, what a report counts and who hears that it was taken.
"""

from tests.mutants.planting import Fault

TESTS = "tests.unit.test_forecasting"
PAGES = "tests.web.test_report"
DOMAIN = "tansiq.domain.reform"
FORECAST_FAULTS = (
    Fault(
        name="what another party's projects took is a forecast's business",
        where=f"{DOMAIN}.forecasting:forecast",
        old="learnt([one for one in ordered if one.owner == owner], today)",
        new="learnt(ordered, today)",
        killer=f"{TESTS}:test_slow_projects_make_late_ranges_and_nobody_elses_count",
    ),
    Fault(
        name="the finished projects alone say how long projects take",
        where=f"{DOMAIN}.habits:learnt",
        old="if one.begun and one.start <= today",
        new="if one.ended and one.start <= today",
        killer=f"{TESTS}:test_what_is_not_finished_is_no_evidence_of_speed",
    ),
    Fault(
        name="a project ends before what it needs",
        where=f"{DOMAIN}.forecasting:_draw",
        old="min(max(math.ceil(day), before), today + _FAR)",
        new="min(math.ceil(day), today + _FAR)",
        killer=f"{TESTS}:test_no_project_ends_before_what_it_needs",
    ),
    Fault(
        name="days on which a project stood still are days of work",
        where=f"{DOMAIN}.plans:Plan.worked",
        old="until - since - self.stopped(since, until)",
        new="until - since",
        killer=f"{TESTS}:test_a_stop_is_no_work_and_goes_on",
    ),
    Fault(
        name="an earlier forecast counts as soon as its project has ended",
        where=f"{DOMAIN}.scoring:record_of",
        old="if one.said.late < today",
        new="if one.ended or one.said.late < today",
        killer=f"{TESTS}:test_a_forecast_counts_once_its_range_has_passed",
    ),
    Fault(
        name="the report lists the projects of the time before",
        where="tansiq.web.reform.report_parts:_headlines",
        old="lines = chosen(seen.now,",
        new="lines = chosen(seen.then,",
        killer=f"{PAGES}:test_the_report_says_whose_view_it_is_and_counts_that_view",
    ),
    Fault(
        name="the access log does not say what a report shows",
        where="tansiq.web.shell.access:shown",
        old="isinstance(value.value, Table | Report)",
        new="isinstance(value.value, Table)",
        killer=f"{PAGES}:test_the_audit_says_that_the_report_was_taken",
    ),
)
