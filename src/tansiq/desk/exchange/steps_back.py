"""What a node that went back to an older state learns anew of its own steps in cases."""

from tansiq.board import case_folds, step_roots
from tansiq.desk.act.desk import Act
from tansiq.domain.cases import step_from_json
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON


def step_back(act: Act, party: PartyCode, seq: int, item: dict[str, JSON]) -> None:
    """Say in the journal again that we took a step, of which the other side has the words. Raises
    InputError for one that has no form.
    """
    step = step_from_json(item, act.desk.me)
    root = step_roots.root_of(act.desk.board, party, step)
    if not case_folds.holds_step(act.desk.board, root, step, party):
        act.say(
            {"type": "step", "owner": root.partition("/")[0], "root": step.root, "said": item,
             "to": party, "seq": seq, "by": {"rule": "recovered"}, "at": step.at},
        )  # fmt: skip
