"""Copies the IATI standard 2.03 out of the locked package that carries it.

    python tools/vendor/iati.py          (needs pip and the network; nothing else does)

Writes src/tansiq/gateways/iati/standard/: the schemas and the ruleset as they are, the code lists as
one file of codes, and VENDOR.json (name, version, licence, sha256 of each file). A file is never
edited by hand. The licence is the one that the IATI secretariat gives for schemas, code lists and
rulesets, whose repositories point at it; the package is the carrier alone.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

PACKAGE, VERSION = "pyIATI", "0.4.1"
SHA256 = "b6f8f0d596746bd774ed3e84cdad50dfa7dd501ac70e6399f2bb0244bfd5b0ef"
INSIDE = f"{PACKAGE}-{VERSION}/iati/resources/standard/2-03"
TARGET = Path(__file__).resolve().parents[2] / "src/tansiq/gateways/iati/standard"
SCHEMAS = ("iati-activities-schema.xsd", "iati-common.xsd", "xml.xsd")
# The lists that grow without end, of which an activity of ours names nothing.
LEFT_OUT = {"CRSChannelCode", "BudgetIdentifier", "IATIOrganisationIdentifier"}
LICENCE = """IATI Standard 2.03: schemas, code lists and ruleset
Copyright (c) Development Initiatives, on behalf of the IATI Secretariat
Released under the Creative Commons Attribution 4.0 International licence (CC-BY-4.0)
https://creativecommons.org/licenses/by/4.0/
Attributed, as its authors ask, as "IATI Standard (http://iatistandard.org/)".
"""


def package() -> bytes:
    """The bytes of the package, by its hash."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", f"{PACKAGE}=={VERSION}", "--no-deps",
                   "-d", folder]  # fmt: skip
        subprocess.run(command, check=True)
        data = next(Path(folder).iterdir()).read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        sys.exit(f"{PACKAGE} {VERSION} is not the file that was looked at")
    return data


def codes(archive: tarfile.TarFile, name: str) -> list[str]:
    """The codes of one list."""
    data = _bytes(archive, f"codelists/{name}.xml")
    found = ET.parse(io.BytesIO(data)).getroot().iterfind(".//codelist-item/code")  # noqa: S314
    return [one.text.strip() for one in found if one.text]


def lists(archive: tarfile.TarFile) -> dict[str, object]:
    """Where codes stand in an activity, under which condition, and the codes of each list."""
    mapping = ET.parse(io.BytesIO(_bytes(archive, "codelist-mapping.xml")))  # noqa: S314
    found = [
        (one.findtext("path") or "", one.findtext("condition") or "",
         "".join(item.get("ref", "") for item in one.iterfind("codelist")))
        for one in mapping.getroot().iterfind("mapping")
    ]  # fmt: skip
    places = [
        {"path": path, "condition": condition, "list": name}
        for path, condition, name in found
        if "iati-organisation" not in path and name not in LEFT_OUT
    ]
    names = sorted({one["list"] for one in places})
    return {"places": places, "lists": {name: codes(archive, name) for name in names}}


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(f"{INSIDE}/{name}")
    if member.issym():
        folder = Path(member.name).parent
        parts: list[str] = []
        for part in (folder / member.linkname).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        member = archive.getmember("/".join(parts))
    found = archive.extractfile(member)
    assert found is not None
    return found.read()


def main() -> None:
    """Write every file anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(package())) as archive:
        files = {name: _bytes(archive, f"schemas/{name}") for name in SCHEMAS}
        files["ruleset.json"] = _bytes(archive, "rulesets/standard_ruleset.json")
        text = json.dumps(lists(archive), ensure_ascii=False, indent=0) + "\n"
        files["codelists.json"] = text.encode()
    files["LICENSE"] = LICENCE.encode()
    for name, data in files.items():
        (TARGET / name).write_bytes(data)
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    entry = {
        "name": "iati-standard", "version": "2.03", "licence": "CC-BY-4.0",
        "source": f"PyPI: {PACKAGE} {VERSION}, sha256 {SHA256}",
        "changes": ["code lists: the codes alone, as one JSON file"], "files": listed,
    }  # fmt: skip
    path = TARGET / "VENDOR.json"
    path.write_text(json.dumps([entry], ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
