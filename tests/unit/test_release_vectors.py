"""spec/vectors/release.json: what the code decides today, and the oracle on its own."""

import base64
import json
from pathlib import Path

import pytest
import rfc8785
from nacl.signing import VerifyKey

from tests.oracle.holdings import alone, may_release
from tests.oracle.labels import may_see, viewer
from tests.oracle.wire import told_area, told_edition, told_place
from tools import make_release_vectors

PATH = Path(__file__).parents[2] / "spec" / "vectors" / "release.json"
VECTORS = json.loads(PATH.read_text("utf-8"))


def test_the_vectors_of_release_still_hold():
    """The file is what this code makes today; tools/make_release_vectors.py writes it."""
    assert make_release_vectors.text() == PATH.read_text("utf-8")


@pytest.mark.parametrize("case", VECTORS["release"], ids=lambda case: case["name"])
def test_the_oracle_decides_every_release_alike(case):
    """Rules written a second time, without the product's code, come to the same wire edition."""
    given, asked = case["given"], case["given"]["proposal"]
    edition, now, to = given["edition"], given["now"], asked["to"]
    rule = may_release(
        edition, given["owner"], to, given["agreement"], asked["rule"], now=now,
        past=given["past"], loosen=asked["loosen"],
    )  # fmt: skip
    assert case["granted"] == (rule is not None)
    if rule is not None:
        (plain,) = given["agreement"]["rules"]
        assert case["by_itself"] == alone(plain, given["past"])
        assert case["approvers"] == rule["approvers"]
        told = told_edition(
            edition, rule, to, now, hide=asked["hide"], grain=asked["grain"], known=asked["known"]
        )
        assert told == {key: case["wire"][key] for key in told}
        assert set(case["wire"]) - set(told) == {"release", "k"}


@pytest.mark.parametrize("case", VECTORS["view"])
def test_the_oracle_sees_the_same(case):
    """Who may see is the same yes or no."""
    who = viewer(**case["viewer"])
    assert case["granted"] == may_see(who, case["owner"], case["label"], case["now"])


@pytest.mark.parametrize("case", VECTORS["place"])
def test_the_oracle_coarsens_alike(case):
    """Places at the edges of cells are told alike."""
    assert case["told"] == told_place(case["place"], case["grain"], case["before"])


@pytest.mark.parametrize("case", VECTORS["area"])
def test_the_oracle_coarsens_areas_alike(case):
    """Shapes, what was told before, and what is too large are told alike."""
    assert case["told"] == told_area(case["area"], case["grain"], case["before"])


def test_the_signature_of_an_agreement_covers_its_canonical_bytes():
    """The signed bytes are the prefix and RFC 8785, and the signature is that of the authority."""
    vector = VECTORS["agreement"]
    signed = bytes.fromhex(vector["signed_hex"])
    assert signed == b"tansiq/agreement/v2\n" + rfc8785.dumps(vector["agreement"])
    key = VerifyKey(bytes.fromhex(vector["authority_public"]))
    key.verify(signed, base64.b64decode(vector["signature"]))


def test_every_reason_of_a_release_has_a_case():
    """No code of a decision about a release stands without a vector."""
    found = {case["code"] for case in VECTORS["release"]}
    reasons = {
        "by_rule", "no_agreement", "agreement_not_in_force", "no_rule", "policy_unknown",
        "not_in_audience", "above_clearance", "category_unknown", "category_not_held", "expired",
    }  # fmt: skip
    if found != reasons:
        raise AssertionError(found ^ reasons)
