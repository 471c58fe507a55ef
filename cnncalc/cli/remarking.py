"""What there is to say of all sheets, under the names that the files were given by; complete when all rows were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..language import Text
from ..teach.answers.sheets import Remark, Sheet
from ..teach.answers.sheets.model import Remarks


class Remarked:
    """Remarks on each sheet; then, in the order in which they came up, those on rows of several sheets and on marks by hand."""

    def __init__(
        self, sheets: Sequence[Sheet], kept: Sequence[Remark], called: Mapping[str, str], *, hide: bool
    ) -> None:
        """`called` says how files are called; with `hide`, a file of a student's own is called as its folder."""
        self.sheets, self.kept, self.called, self.hide = sheets, kept, called, hide
        self.later = Remarks()

    def __iter__(self) -> Iterator[Remark]:
        for sheet in self.sheets:
            yield from map(self._named, sheet.remarks)
            yield from self._more(sheet.remarks, sheet.file)
        yield from map(self._named, [*self.kept, *self.later])
        yield from self._more(self.later, self.sheets[-1].file)

    def _named(self, remark: Remark) -> Remark:
        file = remark.file
        if self.hide and file not in self.called:
            file = next((each.file for each in self.sheets if Path(file).is_relative_to(each.file)), file)
        return remark._replace(file=self.called.get(file, file))

    def _more(self, remarks: Remarks, file: str) -> Iterator[Remark]:
        if remarks.more:
            yield self._named(Remark("more-remarks", Text("{n} more remarks are not listed", n=remarks.more), file))
