"""The log files on the disk: which there are, how much space they take, and giving it back."""

import ctypes
import errno
import glob
import os
import stat

from siblings import is_sibling, oldest_first

BLOCK_BYTES = 4096
FALLOC_FL_KEEP_SIZE = 1
FALLOC_FL_PUNCH_HOLE = 2

_libc = ctypes.CDLL(None, use_errno=True)
# On 32-bit systems only the first takes 64-bit offsets; musl has only the second.
_fallocate = getattr(_libc, "fallocate64", None) or _libc.fallocate
_fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]


class LogFileOnDisk:
    """One log file, opened for as long as one round lasts."""

    def __init__(self, path, is_live):
        self.path = path
        self.is_live = is_live
        # Never O_TRUNC and never an append: the app's bytes and its offset stay as they are.
        self.descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self.read_up_to = 0
        self.refresh()

    def refresh(self):
        self.status = os.fstat(self.descriptor)
        self.size = self.status.st_size
        self.allocated = self.status.st_blocks * 512

    def first_data(self):
        """Where the first bytes that still take space stand; the size if there are none."""
        try:
            return os.lseek(self.descriptor, 0, os.SEEK_DATA)
        except OSError:
            return self.size

    def give_back(self, end):
        """Punches a hole from the beginning to the last whole block before `end`; returns the bytes that it freed."""
        end -= end % BLOCK_BYTES
        begin = self.first_data()
        if end <= begin:
            return 0
        before = self.allocated
        begin -= begin % BLOCK_BYTES
        if _fallocate(self.descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, begin, end - begin) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), self.path)
        if not self.is_live:
            # Punching counts as a change, but readers tell the age of rotated files by their last change.
            os.utime(self.descriptor, ns=(self.status.st_atime_ns, self.status.st_mtime_ns))
        self.refresh()
        return before - self.allocated

    def delete(self):
        os.unlink(self.path)
        freed, self.allocated = self.allocated, 0
        return freed

    def close(self):
        os.close(self.descriptor)


def cannot_punch(error):
    """Whether the file system as a whole refuses holes, and not just this file."""
    return error.errno in (errno.EOPNOTSUPP, errno.ENOSYS)


def find_paths(patterns):
    """All log files as path and whether it is live: the rotated ones oldest first, then the live ones."""
    named = {pattern for pattern in patterns if not glob.has_magic(pattern)}
    matched = {path for pattern in patterns for path in glob.glob(pattern)}
    # A pattern like app.log* finds the rotated files as well, but what is named in full is a live file.
    bases = {path for path in matched if path in named or not any(is_sibling(path, base) for base in matched | named)}
    live = {path for path in bases if _regular_file(path)}
    rotated = {}
    for base in bases | named:
        siblings = _rotated_files(base, bases | named)
        if siblings and not os.path.lexists(base):
            # The name is free, so the app may still be writing to the file that had it last.
            live.add(siblings.pop()[0])
        rotated.update(siblings)
    oldest = sorted(rotated.items(), key=lambda item: oldest_first(*item))
    return [(path, False) for path, _ in oldest if path not in live] + [(path, True) for path in sorted(live)]


def _rotated_files(base, bases):
    """Path and status of the files that were rotated away from a name, oldest first."""
    paths = [path for path in glob.glob(glob.escape(base) + "[.-]*") if path not in bases and is_sibling(path, base)]
    found = [(path, status) for path, status in zip(paths, map(_regular_file, paths)) if status]
    return sorted(found, key=lambda item: oldest_first(*item))


def _regular_file(path):
    """Status of a regular file; None for anything else. Links are left alone: they may lead anywhere."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
