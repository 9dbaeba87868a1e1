"""The house rules, kept over the whole repository. Their reasons stand with the rules."""

import re
import tomllib

import pytest

from tests.architecture import calls, pages, papers, shape
from tests.architecture.house import (
    ROOT,
    assert_kept,
    product_sources,
    python_sources,
    read,
    sources,
)
from tools import changelog, i18n


@pytest.fixture(scope="module", autouse=True)
def forgotten():
    """A parsed repository is large; the tests after these need not carry it."""
    yield
    read.cache_clear()


def templates():
    return sources(".html", ".txt", ".xml", under=("src/tansiq/web",))


def listed(title, lines):
    return f"\n{title}\n\n  " + "\n  ".join(lines) + "\n"


# Size and shape ----------------------------------------------------------------------------------


def test_lines_have_at_most_100_characters():
    """No line of Python is longer than 100 characters."""
    assert_kept(shape.long_lines, python_sources())


def test_functions_have_at_most_50_lines():
    """No function is longer than a screen."""
    assert_kept(shape.long_functions, python_sources())


def test_modules_have_at_most_400_lines():
    """No module is longer than 400 lines."""
    assert_kept(shape.long_modules, python_sources())


def test_functions_take_at_most_five_parameters_by_place():
    """A sixth parameter is named or grouped."""
    assert_kept(shape.many_parameters, python_sources())


def test_blocks_nest_at_most_four_deep():
    """No function nests its blocks deeper than four."""
    assert_kept(shape.deep_nesting, python_sources())


def test_modules_have_names_that_say_something():
    """No module or folder has a name that fits everything."""
    assert_kept(shape.banned_names, python_sources())


def test_nothing_is_left_for_later_in_the_source():
    """No reminder stands in the source."""
    assert_kept(shape.unfinished, [*python_sources(), *templates(), *sources(".css", ".js")])


def test_every_test_says_what_must_hold():
    """Every test has a docstring."""
    assert_kept(shape.undocumented_tests, sources(".py", under=("tests",)))


# Calls and imports -------------------------------------------------------------------------------


def test_only_the_node_catches_everything():
    """A broad handler stands in tansiq/node or nowhere."""
    assert_kept(calls.broad_handlers, product_sources())


def test_only_the_node_reads_clock_randomness_and_environment():
    """All other code takes them as values."""
    assert_kept(calls.outside_world, product_sources())


def test_nothing_opens_a_page_to_foreign_script_or_forms():
    """Neither mark_safe nor csrf_exempt is used."""
    assert_kept(calls.unescaped, product_sources())


def test_the_domain_imports_the_standard_library_and_itself():
    """The domain depends on nothing that can go away."""
    assert_kept(calls.domain_imports, product_sources())


def test_addresses_stand_in_the_sections():
    """A room declares all its addresses in its section.py, and nowhere else."""
    assert_kept(calls.loose_addresses, product_sources())


def test_sql_stands_in_log_and_board():
    """Nothing outside the two floors that keep tables says SQL."""
    assert_kept(calls.foreign_sql, product_sources())


# Pages -------------------------------------------------------------------------------------------


def test_style_sheets_know_no_left_and_right():
    """One style sheet serves both directions."""
    assert_kept(pages.physical_css, sources(".css", under=("src/tansiq",)))


def test_templates_know_no_left_and_right():
    """One template serves both directions."""
    assert_kept(pages.physical_markup, templates())


def test_templates_escape_everything():
    """No template marks a text as safe."""
    assert_kept(pages.unescaped_markup, templates())


def test_templates_hold_no_inline_code():
    """No template needs a hole in the content security policy."""
    assert_kept(pages.inline_code, templates())


def test_pages_load_nothing_from_another_machine():
    """A page is complete on a node without the internet."""
    assert_kept(pages.foreign_resources, templates())


def test_a_field_is_named_as_its_kind_names_it():
    """No template gives a field the words of another kind."""
    assert_kept(pages.labels_without_kind, templates())


# Words -------------------------------------------------------------------------------------------


def test_word_lists_are_complete_in_three_languages():
    """The catalogue loads."""
    faults = i18n.incomplete()
    assert not faults, listed("The word lists are incomplete; fill in the row.", faults)


def test_every_word_that_the_source_asks_for_exists():
    """No page and no refusal can fail for want of a word."""
    faults = i18n.missing()
    reason = "A missing word stops a page. Add the key to src/tansiq/domain/words/<area>.csv."
    assert not faults, listed(reason, faults)


def test_every_word_in_the_lists_is_used():
    """No reviewer spends time on a word that nobody reads."""
    faults = i18n.unused()
    reason = "Nobody reads these words, yet reviewers must. Delete the row, or use the key."
    assert not faults, listed(reason, faults)


def test_sorani_and_arabic_are_written_with_their_own_letters():
    """A search and a reader meet each word in its one spelling."""
    faults = i18n.misspelt(i18n.rows())
    reason = "Letters that look alike are different letters to search and to screen readers."
    assert not faults, listed(reason, faults)


# Documents and packaging -------------------------------------------------------------------------


def test_links_in_documents_lead_somewhere():
    """Every relative link and every heading it names exists."""
    faults = [
        f"{source.name}:{line}: {what}"
        for source in papers.documents()
        for line, what in papers.broken_links(source)
    ]
    assert not faults, listed(papers.LINKS_REASON, faults)


def test_decisions_are_numbered_dated_and_listed():
    """Every decision is found through the index."""
    faults = papers.adr_faults(ROOT / "docs" / "adr")
    assert not faults, listed(papers.ADR_REASON, faults)


def test_change_fragments_are_named_for_the_changelog():
    """Every file in changes/ can be assembled."""
    faults = changelog.misnamed(ROOT / "changes")
    reason = "The changelog is assembled by name: <slug>.<added|changed|fixed>.md, with a text."
    assert not faults, listed(reason, faults)


def test_locks_hold_every_dependency_with_its_hash():
    """What pyproject.toml asks for is locked, and both locks agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = {
        "run.lock": project["project"]["dependencies"],
        "dev.lock": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "lock.lock": project["dependency-groups"]["lock"],
    }
    pins = {
        name: dict(
            re.findall(
                r"^([a-z0-9-]+)==(\S+) \\$",
                (ROOT / "requirements" / name).read_text(),
                re.MULTILINE,
            )
        )
        for name in asked
    }
    faults = [
        f"requirements/{lock} lacks {re.match(r'[a-z0-9-]+', wish)[0]}"
        for lock, wishes in asked.items()
        for wish in wishes
        if re.match(r"[a-z0-9-]+", wish)[0] not in pins[lock]
    ]
    faults += [
        f"{name}: {version} in run.lock, {pins['dev.lock'].get(name)} in dev.lock"
        for name, version in pins["run.lock"].items()
        if pins["dev.lock"].get(name) != version
    ]
    reason = "A fresh clone installs what the locks say and nothing else. Run ./dev lock."
    assert not faults, listed(reason, faults)
