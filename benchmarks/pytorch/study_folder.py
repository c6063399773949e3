"""A comparison's folder, in the form that `resonance report` reads: study.json, and a record for each finished cell.

A record carries its checksum, the SHA-256 of its own keys as compact JSON with numbers in Java's notation, and its file's
name ends with a hash of its specification; see the Java classes RecordJson, CellSpecification and StudyFolder of `study`.
"""

import decimal
import hashlib
import json
import math
import os
import re

CHECKSUM = "sha256"
KIND = "posgen-compare"


class Refused(Exception):
    """A one-line message for the user."""


def sha256(data):
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def java_number(value):
    """A float as Java's Double.toString: the fewest digits, an exponent outside [0.001, 10,000,000), never a bare integer."""
    if not math.isfinite(value):
        return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
    sign, digits, exponent = decimal.Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    point = len(digits) + exponent  # digits before the decimal point
    if value == 0:
        body = "0.0"
    elif 1e-3 <= abs(value) < 1e7:
        if point <= 0:
            body = "0." + "0" * -point + text
        else:
            text = text.ljust(point, "0")
            body = text[:point] + "." + (text[point:] or "0")
    else:
        body = f"{text[0]}.{text[1:] or '0'}E{point - 1}"
    return ("-" if sign else "") + body


def compact(value):
    """JSON without blanks, as the checksum is of."""
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(name, ensure_ascii=False) + ":" + compact(v) for name, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return java_number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def seal(record):
    """A record with its checksum before its own keys, as text."""
    return compact({CHECKSUM: sha256(compact(record)), **record}) + "\n"


def unseal(path):
    """A record's own keys."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        checksum = record.pop(CHECKSUM)
    except (ValueError, KeyError, AttributeError, TypeError) as e:
        raise Refused(f"{path} must be a record with a checksum, is none; move it away") from e
    if sha256(compact(record)) != checksum:
        raise Refused(f"{path} must be as it was written, but does not match its checksum; move it away")
    return record


def write_atomically(path, text):
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def file_name(specification, label):
    """The name of a cell's files: a label for people, and a hash of the specification."""
    text = specification["kind"] + "\n"
    for name, value in specification["values"].items():
        text += f"{java_length(name)} {java_length(value)}\n{name}={value}\n"
    return re.sub("[^A-Za-z0-9._-]", "_", label)[:150] + "--" + sha256(text)[:32]


def java_length(text):
    return len(text.encode("utf-16-le")) // 2


class StudyFolder:
    """The cells of one comparison. One process at a time may write to it."""

    def __init__(self, path, plan, identity, opened_by):
        """Opens a folder, made if it is not there; refuses one of another comparison."""
        self.path, self.identity, self.opened_by = path, identity, opened_by
        description = path / "study.json"
        if description.exists():
            self._require_same(unseal(description))
        elif path.exists() and any(path.iterdir()):
            raise Refused(f"--out {path} must be new, empty or hold this comparison, holds other files; choose another")
        (path / "cells").mkdir(parents=True, exist_ok=True)
        cells = plan["cells"]
        names = [
            self._name(task, encoding, seed)
            for task in cells["tasks"]
            for encoding in cells["encodings"]
            for seed in cells["seeds"]
        ]
        study = {"kind": KIND, "identity": identity, "plan": plan, "settings": identity, "openedBy": opened_by}
        write_atomically(description, seal({**study, "cells": names}))

    def _require_same(self, found):
        for name in [*self.identity, *found["identity"]]:
            here, there = (settings.get(name, "none") for settings in (self.identity, found["identity"]))
            if here != there:
                raise Refused(
                    f"--out {self.path} must be new or hold this comparison, but holds one with {name} = {there} where"
                    f" this has {here}; choose another"
                )

    def _specification(self, task, encoding, seed):
        values = {"task": task, "encoding": encoding, "seed": str(seed), **self.identity}
        return {"kind": KIND, "values": values}

    def _name(self, task, encoding, seed):
        return file_name(self._specification(task, encoding, seed), f"{task}--{encoding}--{seed}")

    def _file(self, task, encoding, seed):
        return self.path / "cells" / (self._name(task, encoding, seed) + ".json")

    def find(self, task, encoding, seed):
        """A finished cell's result, or None."""
        file = self._file(task, encoding, seed)
        return unseal(file)["result"] if file.exists() else None

    def keep(self, result):
        key = result["task"], result["encoding"], result["seed"]
        record = {"specification": self._specification(*key), "madeBy": self.opened_by, "result": result}
        write_atomically(self._file(*key), seal(record))
