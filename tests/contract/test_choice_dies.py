"""A node that dies while a catch-up plan is chosen: the plan and every cohort are as before."""

import os

from tansiq.desk.training import moving
from tansiq.log.database import Sqlite
from tests.catching_up import choose, cohort, cohorts, course, plan, room, seen, suspended
from tests.world import World, world

DIED = 9
COHORTS = 5


def _dies(path, at):
    """In a process of its own: make a plan and die when so many cohorts have been moved."""
    moved, real = [], moving.move_in

    def move_in(act, actor, view, dates, **more):
        moved.append(real(act, actor, view, dates, **more))
        if len(moved) == at:
            os._exit(DIED)

    moving.move_in = move_in
    with suspended(databases=lambda party: Sqlite(path if party == "MPA" else None)) as made:
        about = course(made)
        for number in range(COHORTS):
            cohort(made, about, f"K-0{number}")
        room(made)
        record = plan(made)
        (path.parent / "plan").write_text(record)
        choose(made, record)


def _again(path) -> World:
    """The node as it is started again."""
    return world("MPA", databases=lambda party: Sqlite(path))


def test_a_node_that_dies_while_a_plan_is_chosen_has_moved_nothing(tmp_path):
    """After the first, in the middle and after the last cohort: nothing was moved, the plan can be
    chosen, and then all have moved.
    """
    for at in (1, COHORTS // 2, COHORTS):
        folder = tmp_path / str(at)
        folder.mkdir()
        path = folder / "node.sqlite3"
        child = os.fork()
        if child == 0:
            try:
                _dies(path, at)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DIED
        made, record = _again(path), (folder / "plan").read_text()
        try:
            found = cohorts(made)
            assert {one.body["last_day"] for one in found.values()} == {"2020-03-15"}
            assert seen(made, record).state == "proposed"
            with made.names.under("again"):
                choose(made, record)
            assert all(one.body["last_day"] > "2020-09" for one in cohorts(made).values())
        finally:
            made.close()
