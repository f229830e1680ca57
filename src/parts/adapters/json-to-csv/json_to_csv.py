"""Turns the lines of JSON logs into CSV rows. What is not one JSON object is reported and counted, never fatal."""

import sys
import time

from csv_output import FileOutput, StandardOutput
from json_records import Malformed, parse_line, row_maker
from log_reader import LogReader
from service import EXIT_FAILED, load_settings, messenger

say = messenger("json-to-csv")

# Parsing takes up to twenty times the length of a line: with this bound the program stays below 32 MB.
DEFAULT_MAX_LINE_BYTES = 1024 * 1024


class MalformedLines:
    """Counts malformed lines and reports them, a few each second: a broken app must not fill the node's log."""

    REPORTS_PER_SECOND = 10

    def __init__(self):
        self._count = 0
        self._second = time.monotonic()
        self._reported = 0
        self._unreported = 0

    def report(self, batch, index, reason):
        self._count += 1
        self.sum_up()
        if self._reported >= self.REPORTS_PER_SECOND:
            self._unreported += 1
            return
        self._reported += 1
        say(f"malformed line {batch.first_line + index} of {batch.path} ({self._count} so far): {reason}")

    def sum_up(self, at_exit=False):
        """Says, once the second is over, how many lines it did not report."""
        now = time.monotonic()
        if now - self._second < 1 and not at_exit:
            return
        if self._unreported:
            say(f"{self._unreported} more malformed lines ({self._count} so far)")
        self._second, self._reported, self._unreported = now, 0, 0

    def say_total(self):
        self.sum_up(at_exit=True)
        say(f"stopped after {self._count} malformed lines")


class Converter:
    """Converts batch after batch and hands the rows to the output."""

    def __init__(self, settings, reader, malformed):
        self._reader = reader
        self._malformed = malformed
        self._make_row = row_maker(settings["columns"])
        header = [column["name"] for column in settings["columns"]]
        if settings.get("output"):
            self._output = FileOutput(header, settings["output"], reader, say)
        else:
            self._output = StandardOutput(header)

    def convert(self, batch):
        rows = []
        for index, line in enumerate(batch.lines()):
            try:
                record = parse_line(line)
                rows.append(self._make_row(record) if record is not None else None)
            except Malformed as reason:
                self._malformed.report(batch, index, reason)
                rows.append(None)
        if not batch.complete and not rows[0]:
            return  # half a line: not handled, so that a restart reads it again when it is whole
        self._output.write(rows, batch, self._reader)


def run(settings, malformed):
    reader = LogReader({"maxLineBytes": DEFAULT_MAX_LINE_BYTES, **settings}, say)
    try:
        converter = Converter(settings, reader, malformed)
        reader.run(converter.convert, after_round=malformed.sum_up)
    except BrokenPipeError:
        say("the standard output was closed")
    except OSError as error:
        say(f"cannot write the output: {error}")
    else:
        return 0
    reader.commit()
    return EXIT_FAILED


def main():
    settings = load_settings(sys.argv, ["inputs", "columns", "stateDirectory"], say)
    malformed = MalformedLines()
    status = run(settings, malformed)
    malformed.say_total()
    sys.exit(status)


if __name__ == "__main__":
    main()
