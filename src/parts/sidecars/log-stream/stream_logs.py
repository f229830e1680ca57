"""Copies every line of some log files to the standard output, through rotations and restarts."""

import os
import sys

from log_reader import LogReader
from service import EXIT_FAILED, load_settings, messenger

say = messenger("log-stream")
STANDARD_OUTPUT = 1


def write_all(data):
    """Writes to the standard output without a buffer: what was written is what a restart will not repeat."""
    view = memoryview(data)
    while view:
        view = view[os.write(STANDARD_OUTPUT, view):]


def prefixed(batch):
    prefix = os.path.basename(batch.file.followed_path).encode() + b": "
    end = b"\n" if batch.complete else b""
    return prefix + (b"\n" + prefix).join(batch.lines()) + end


def main():
    settings = load_settings(sys.argv, ["inputs", "stateDirectory"], say)
    reader = LogReader(settings, say)
    with_prefix = settings.get("prefix", False) and len(settings["inputs"]) > 1

    def handle(batch):
        write_all(prefixed(batch) if with_prefix else batch.data)
        batch.handled()

    try:
        reader.run(handle, after_round=lambda: None)
    except BrokenPipeError:
        say("the standard output was closed")
        reader.commit()
        sys.exit(EXIT_FAILED)
    except OSError as error:
        say(f"cannot write to the standard output: {error}")
        reader.commit()
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()
