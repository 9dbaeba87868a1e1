"""A node that is killed while it suspends has suspended nothing; the next time it suspends all."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.training import suspending
from tansiq.domain.labels import Label
from tansiq.domain.training.suspending import Scope
from tansiq.node.founding import init_node, open_node
from tansiq.node.scenario.cast import PARTIES
from tansiq.node.settings import LOOPBACK, NodeSettings

ROOT = Path(__file__).parents[2]
COHORTS = 5
DIES = """
import os, signal, sys
from pathlib import Path
from tansiq.desk.records import say
from tests.contract.test_suspension_killed import decided, open_node

real, done = say.step_in, []

def dies(*given, **named):
    done.append(1)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)

say.step_in = dies
with open_node(Path(sys.argv[1])) as node:
    decided(node.desk)
"""


def manager():
    return PARTIES["MPA"].actor("training-manager")


def decided(desk):
    """Suspend every cohort that there is."""
    today = suspending.today(desk)
    decision = suspending.Decision(
        text="All training", reason_class="pandemic", reason="Curfew", decision="Order 1",
        review="2100-01-01", scope=Scope(first_day=today),
    )  # fmt: skip
    actor = manager()
    found = suspending.foreseen(desk, desk.viewer(actor), decision.scope, actor)
    assert len(found.effects.cohorts) == COHORTS
    return suspending.decide(desk, actor, decision, found.mark)


def stands(folder):
    """The states of the cohorts, and how many suspensions there are."""
    with open_node(folder) as node:
        viewer = node.desk.viewer(manager())
        rows = read.page(node.desk, viewer, read.Query(kinds=("cohort",))).rows
        made = read.count(node.desk, viewer, read.Query(kinds=("suspension",)))
        return [one.value.state for one in rows], made


@pytest.fixture
def folder(tmp_path):
    """The folder of a node with some cohorts."""
    plan = PARTIES["MPA"]
    made = tmp_path / "node"
    init_node(
        NodeSettings(
            folder=made, party=plan.code, names=plan.names, node=plan.node,
            positions=plan.positions, web_port=8000, partner_port=8100,
            address=f"https://{LOOPBACK}:8100", language="en",
        )
    )  # fmt: skip
    with open_node(made) as node:
        about = wrote(node.desk, "course", code="C", text="Radio", family="communications",
                      subject="radio", days=5)  # fmt: skip
        for number in range(COHORTS):
            wrote(node.desk, "cohort", code=f"K-{number}", text="Radio", about=about,
                  mode="in_person", days=5, places=10)  # fmt: skip
    return made


def wrote(desk, kind, **body):
    return say.write(desk, manager(), say.Draft(kind=kind, body=body, label=Label()))


def test_a_node_killed_half_way_has_suspended_nothing(folder):
    """Two of five cohorts were suspended in the transaction when it died: none is, and there is no
    suspension; the next time all are.
    """
    died = subprocess.run([sys.executable, "-c", DIES, str(folder)], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert stands(folder) == (["planned"] * COHORTS, 0)
    with open_node(folder) as node:
        decided(node.desk)
    assert stands(folder) == (["suspended"] * COHORTS, 1)
