"""A city's ``numbers.csv`` with one more line in it, whatever columns it has."""

import csv
import io

EXCEPTION = "例外理由"


def with_line(
    text: str, number: str, *, name: str = "体育场馆咨询电话", mode: str = "双号并行"
) -> str:
    """Add a line that the rules let through, for the reason it gives."""
    remarks = [line for line in text.splitlines() if line.startswith("#")]
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    columns = [*dict.fromkeys([*rows[0], EXCEPTION])]
    row = {"部门": "体育局", "电话名称": name, "电话号码": number, "归并方式": mode}
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, row | {EXCEPTION: "市政府批准"}])
    return "\n".join([*remarks, out.getvalue()])
