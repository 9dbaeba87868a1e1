"""Kinds of tampering, each with the reason for which the verifier must reject it.

Those here are done by somebody without a key: they change what the sums and signatures cover.
"""

import io
import struct
import zipfile

from tests.verifier.made import Forger, life, opened, sealed, zipped
from tests.world import node_keys

OUT = "feeds/MPA-MOD"
KINDS = []


def kind(reason, make="plain"):
    """A kind of tampering, and the reason that must be given."""

    def keep(tamper):
        KINDS.append((tamper.__name__.replace("_", " "), tamper, reason, make))
        return tamper

    return keep


def forged(change, make="plain"):
    """The evidence after a forger with MPA's keys has changed it."""
    forger = Forger(opened(life()[1][make]))
    change(forger)
    return sealed(forger.files)


def entry_changed(number, **change):
    """Evidence in which one entry of the feed to MOD says something else, all else made to fit."""

    def change_entries(forger):
        found = forger.entries()
        found[number] = {**found[number], **change}
        forger.feed(found)

    return forged(change_entries)


@kind("sums_differ")
def a_changed_byte_of_a_body(files):
    name = f"{OUT}/00000001.json"
    return zipped({**files, name: files[name].replace(b"urgent", b"routin")})


@kind("file_missing")
def a_removed_recall(files):
    return zipped({n: d for n, d in files.items() if n != f"{OUT}/00000004.json"})


@kind("file_extra")
def an_added_file(files):
    return zipped({**files, f"{OUT}/00000009.json": b"{}"})


@kind("statement_form")
def sums_made_new_without_the_key(files):
    name = f"{OUT}/00000001.json"
    changed = files[name].replace(b"urgent", b"routin")
    again = opened(sealed({**files, name: changed}))
    return zipped({**again, "STATEMENT.txt": files["STATEMENT.txt"]})


@kind("statement_signature")
def a_statement_of_another_signer(files):
    forged_signature = node_keys("MOD").sign(files["STATEMENT.txt"])
    return zipped({**files, "STATEMENT.sig": forged_signature})


@kind("sums_form")
def sums_that_name_a_file_twice(files):
    sums = files["SHA256SUMS"]
    return zipped({**files, "SHA256SUMS": sums + sums.split(b"\n")[0] + b"\n"})


@kind("zip_form")
def a_file_that_is_no_zip(files):
    return b"PK but not really" * 100


@kind("zip_form")
def a_zip_cut_short(files):
    return zipped(files)[:-200]


@kind("zip_name")
def a_path_that_leaves_the_folder(files):
    return zipped({**files, "../../etc/cron.d/x": b"x"})


@kind("zip_name")
def an_absolute_path(files):
    return zipped({**files, "/etc/passwd": b"x"})


@kind("zip_name")
def a_link_instead_of_a_file(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


@kind("zip_twice")
def a_name_that_stands_twice(files):
    first = zipped({**files, "manifest.jso_": files["manifest.json"]})
    return first.replace(b"manifest.jso_", b"manifest.json")


@kind("zip_size")
def a_bomb(files):
    return zipped({**files, "README.txt": bytes(17 << 20)})


@kind("zip_form")
def a_bomb_that_lies_about_its_size(files):
    data = bytearray(zipped({**files, "README.txt": bytes(20 << 20)}))
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"README.txt"))
    struct.pack_into("<I", data, entry + 24, 100)
    return bytes(data)
