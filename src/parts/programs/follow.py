"""Follows a log file by its name through rotation and truncation, and knows where to go on after a restart."""

import os
import re
import stat
import time

from log_file import CHUNK_BYTES, LogFile, bytes_match
from siblings import siblings

DEFAULT_POLL_SECONDS = 0.2
DEFAULT_MAX_LINE_BYTES = 4 * 1024 * 1024
# So much of one input is read before the other inputs, the state and the heartbeat get their turn.
BYTES_PER_ROUND = 16 * CHUNK_BYTES
# A writer keeps its old descriptor for a moment after the rename: so many quiet polls before the new file is begun,
QUIET_POLLS = 3
# but the new file does not wait longer than this, even if somebody writes the old one for ever.
MAX_WAIT_SECONDS = 3
# The old file is watched for late lines until it was quiet for so long.
WATCH_SECONDS = 10
# A directory that changes all the time is looked at so often, for a picture of it that is not of several moments.
MAX_LOOKS = 20
# A file's time of change may lie a clock tick before the moment it was changed.
CLOCK_SLACK_SECONDS = 1


def saved_files(state):
    """The well-formed file entries of a state document."""
    entries = state.get("files")
    return [entry for entry in entries if _is_entry(entry)] if isinstance(entries, list) else []


def _is_entry(entry):
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        return False
    numbers = [entry.get(key) for key in ("inode", "device", "offset", "line")]
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        return False
    return re.fullmatch(r"([0-9a-f]{2})*", str(entry.get("tail", ""))) is not None


class Follower:
    """Yields the lines of one path in the order they were written.

    `_open` holds the files that are read or watched, oldest first; `_done` the entries of rotated files that were
    read to their end and still lie in the directory: without them a restart would take them for unread ones.
    """

    def __init__(self, path, state, since, settings, say):
        self.path = path
        self.behind = False
        self._since = since
        self._say = say
        self._quiet_seconds = QUIET_POLLS * settings.get("pollSeconds", DEFAULT_POLL_SECONDS)
        self._max_line_bytes = settings.get("maxLineBytes", DEFAULT_MAX_LINE_BYTES)
        self._other_inputs = [other for other in settings["inputs"] if other != path]
        self._complaint = None
        self._live = None  # device and inode of the file that bears the name
        self._open = []
        saved = [entry for entry in saved_files(state) if entry["path"] == path]
        self._done = {entry["inode"]: entry for entry in saved}
        places = self._discover()
        if saved and saved[-1]["inode"] not in places:
            say(f"the file that was last read as {path} is gone: lines written to it since line "
                f"{saved[-1]['line']} are lost")

    def poll(self, draining=False):
        """Yields what was written since the last poll. Afterwards `behind` says whether more is there already."""
        self.behind = False
        try:
            if self._identity() != self._live:
                self._discover()
            for file in list(self._open):
                if file.truncated():
                    self._start_again(file)
                    return
                yield from self._read(file)
                if self.behind or not (draining or self._may_leave(file)):
                    return
            yield from self._close_quiet_files()
        except OSError as error:
            self._complain(f"cannot read {self.path}: {error}")

    def rest(self):
        """Yields the last lines that have no newline, when the program stops."""
        for file in self._open:
            batch = file.rest(ended=False)
            if batch:
                yield batch

    def to_state(self):
        return list(self._done.values()) + [file.to_state() for file in self._open]

    def _read(self, file):
        """Reads up to where the file ended when the turn began: a steady writer must not hold it for ever."""
        size = file.status().st_size
        end = min(size, file.position + BYTES_PER_ROUND)
        while file.position < end:
            before = file.position
            yield from file.read()
            if file.position == before:
                return
        self.behind = file.position < size

    def _start_again(self, file):
        # Before a log is truncated it is often copied: the copy has the lines that were not read yet.
        self._discover()
        self._say(f"{file.path} was truncated: reading it from its beginning")
        file.restart()
        self.behind = True

    def _identity(self):
        """Device and inode that the path names now; None while there is no such file."""
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._complain(f"cannot read {self.path}: {error.strerror}")
            return None
        if not stat.S_ISREG(status.st_mode):
            self._complain(f"cannot read {self.path}: it is not a regular file")
            return None
        return (status.st_dev, status.st_ino)

    def _discover(self):
        """Finds the file that bears the name now and those rotated away from it; returns their places in age."""
        for _ in range(MAX_LOOKS):
            names = self._names()
            if self._take_up_all(names):
                break
        else:
            self._live = None  # tried again at the next poll
        places = {inode: place for place, (_, inode) in enumerate(names)}
        self._done = {inode: entry for inode, entry in self._done.items() if inode in places}
        # A file that is open but has no name any more was deleted, so it is the oldest.
        self._open.sort(key=lambda file: places.get(file.inode, -1))
        for file in self._open[:-1]:
            file.superseded_at = file.superseded_at or time.monotonic()
        return places

    def _names(self):
        """Path and inode of the rotated files and of the file that bears the name now, oldest first."""
        self._live, names = self._look_around()
        if self._live:
            names = [(path, inode) for path, inode in names if inode != self._live[1]]
            names.append((self.path, self._live[1]))
        return names

    def _look_around(self):
        """The file that bears the name, and its siblings, as they were at one moment.

        A rotation meanwhile can hide a file: it has left its old name, and its new one was not there yet. So they
        count only when two looks agree.
        """
        seen = None
        for _ in range(MAX_LOOKS):
            last, seen = seen, (self._identity(), self._siblings())
            if seen == last:
                break
        return seen

    def _siblings(self):
        """Path and inode of the rotated files that are known or were written since the first start, oldest first."""
        since = (self._since - CLOCK_SLACK_SECONDS) * 1e9
        return [
            (path, status.st_ino) for path, status in siblings(self.path, self._other_inputs)
            if status.st_ino in self._done or status.st_mtime_ns >= since
        ]

    def _take_up_all(self, names):
        """Opens the files that are not open yet; False where a name means another file by now: then their order is unknown."""
        opened = {file.inode for file in self._open}
        unopened = [name for name in names if name[1] not in opened]
        # Known files first: whether an unknown one is a copy is seen by comparing it with them.
        unopened.sort(key=lambda name: name[1] not in self._done)
        return all(self._take_up(path, inode) for path, inode in unopened)

    def _take_up(self, path, inode):
        """Opens a file where reading it has to go on, unless it was read to its end and rotated away."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            self._complain(f"cannot open {path}: {error.strerror}")
            if path == self.path:
                self._live = None  # tried again at the next poll
            return True
        if os.fstat(descriptor).st_ino != inode:
            os.close(descriptor)
            return False
        entry = self._done.get(inode)
        if entry and path != self.path and _was_read(descriptor, entry):
            os.close(descriptor)
            return True
        self._done.pop(inode, None)
        saved = entry or (self._original_of(descriptor) if path != self.path else None)
        self._open.append(LogFile(path, self.path, descriptor, self._max_line_bytes, self._say, saved))
        self._complaint = None
        return True

    def _original_of(self, descriptor):
        """The state of the truncated file that this file is a copy of, if it is one."""
        for file in self._open:
            if file.offset and file.truncated() and bytes_match(descriptor, file.offset, file.tail):
                return file.to_state()
        return None

    def _may_leave(self, file):
        """Whether the next newer file may be begun."""
        if file is self._open[-1]:
            return True
        waited = time.monotonic() - file.superseded_at
        return waited > MAX_WAIT_SECONDS or time.time() - file.status().st_mtime > self._quiet_seconds

    def _close_quiet_files(self):
        now = time.monotonic()
        for file in self._open[:-1]:
            status = file.status()
            idle = min(now - file.superseded_at, time.time() - status.st_mtime)
            if idle < WATCH_SECONDS or status.st_size > file.position:
                continue
            batch = file.rest(ended=True)
            if batch:
                yield batch
            file.finish()
            file.close()
            self._open.remove(file)
            self._done[file.inode] = file.to_state()

    def _complain(self, complaint):
        """Says what is wrong once, not at every poll."""
        if complaint != self._complaint:
            self._say(complaint)
        self._complaint = complaint


def _was_read(descriptor, entry):
    size = os.fstat(descriptor).st_size
    return size == entry["offset"] and bytes_match(descriptor, size, bytes.fromhex(entry.get("tail", "")))
