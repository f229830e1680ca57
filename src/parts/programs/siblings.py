"""The files that a log was rotated to."""

import os
import re

# Other files may begin with the name of a log as well: a number, a date or one of these words tells a rotated one.
ROTATION = re.compile(r"\d|^(old|bak|prev|previous)$")
COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip")


def is_sibling(path, base):
    """Whether a path may be a rotated `base`: app.log.1, app.log-20240131, app.log.old; not app.log.pos."""
    if not path.startswith((base + ".", base + "-")):
        return False
    suffix = path[len(base) + 1:]
    return "/" not in suffix and ROTATION.search(suffix) is not None


def oldest_first(path, status):
    """Sort key of rotated files: by last change; app.log.2 before app.log.1 if that is the same."""
    number = re.search(r"\.(\d{1,3})$", path)
    return (status.st_mtime_ns, -int(number.group(1)) if number else 0, path)


def siblings(log, other_logs):
    """Path and status of what was rotated away from `log`, oldest first."""
    directory, base = os.path.split(log)
    directory = directory or "."
    try:
        entries = list(os.scandir(directory))
    except OSError:
        return []  # the directory comes later, like the file
    found = []
    for entry in entries:
        if _is_readable_sibling(entry, os.path.join(directory, base), other_logs):
            try:
                found.append((entry.path, entry.stat()))
            except FileNotFoundError:
                pass  # it went, or has another name by now
    return sorted(found, key=lambda item: oldest_first(*item))


def _is_readable_sibling(entry, base, other_logs):
    if not is_sibling(entry.path, base) or entry.path.endswith(COMPRESSED) or not entry.is_file():
        return False
    # It may belong to another input: as that very file, or rotated from a longer name.
    return not any(
        entry.path == other or len(other) > len(base) and is_sibling(entry.path, other) for other in other_logs
    )
