"""How far the programs that read the logs have come, as they wrote it down themselves."""

import json
import os
import time

from follow import saved_files
from log_file import bytes_match

FLUENTD_UNWATCHED = 0xFFFFFFFFFFFFFFFF
# fluentd drops the position of a rotated file some seconds before it has read its last lines.
FLUENTD_FINISHES_SECONDS = 60


def make_reader(settings):
    return FluentdReader(settings["path"]) if settings["format"] == "fluentd" else StateReader(settings["path"])


class StateReader:
    """Positions in the state document of one of our own programs."""

    def __init__(self, path):
        self._path = path
        self._entries = {}

    def refresh(self):
        try:
            with open(self._path, encoding="utf-8") as file:
                document = json.load(file)
            entries = saved_files(document) if isinstance(document, dict) else []
            self._entries = {(entry["device"], entry["inode"]): entry for entry in entries}
        except (OSError, ValueError):
            self._entries = {}  # not started yet: everything counts as unread

    def position(self, descriptor, status, _is_live):
        entry = self._entries.get((status.st_dev, status.st_ino))
        # The inode of a deleted file is soon given to a new one, whose bytes then differ from those that were read.
        if entry and bytes_match(descriptor, entry["offset"], bytes.fromhex(entry.get("tail", ""))):
            return min(entry["offset"], status.st_size)
        return 0


class FluentdReader:
    """Positions in the pos_file of fluentd's in_tail: path, offset and inode, the numbers in hexadecimal."""

    def __init__(self, path):
        self._path = path
        self._positions = {}
        self._followed = set()  # inodes that fluentd had a position for at some time

    def refresh(self):
        try:
            with open(self._path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError:
            lines = None
        if lines is None:
            self._positions, self._followed = {}, set()
            return
        self._positions = dict(filter(None, map(_parse_position, lines)))
        self._followed.update(self._positions)

    def position(self, descriptor, status, is_live):
        offset = self._positions.get(status.st_ino)
        if offset is None:
            was_followed = status.st_ino in self._followed and not is_live
            idle = time.time() - status.st_mtime
            return status.st_size if was_followed and idle > FLUENTD_FINISHES_SECONDS else 0
        # A position within a line belongs to a deleted file, whose inode this file was given.
        return offset if offset <= status.st_size and _at_line_start(descriptor, offset) else 0


def _at_line_start(descriptor, offset):
    return offset == 0 or os.pread(descriptor, 1, offset - 1) in (b"\n", b"\0")


def _parse_position(line):
    """Inode and offset of one line; None for a line that says nothing."""
    fields = line.split("\t")
    try:
        offset, inode = int(fields[-2], 16), int(fields[-1], 16)
    except (IndexError, ValueError):
        return None
    return None if offset == FLUENTD_UNWATCHED else (inode, offset)
