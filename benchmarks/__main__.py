"""Print the performance table, and write it with ``--json FILE``.

python -m benchmarks [--rows cpu,sustained] [--seconds 5] [--json FILE] [--no-kafka]
"""

import argparse
import json
import platform
from pathlib import Path

from benchmarks.cluster import embedded, real
from benchmarks.rows import ALONE, ON_BROKERS, Row


def main() -> None:
    """Measure the rows that are asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [*ON_BROKERS, *ALONE]
    parser.add_argument("--rows", default=",".join(names), help="some of " + ", ".join(names))
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each measured run")
    parser.add_argument("--json", type=Path, help="write the rows there")
    parser.add_argument("--no-kafka", action="store_true", help="leave Apache Kafka out")
    arguments = parser.parse_args()
    wanted = arguments.rows.split(",")
    rows: list[Row] = []
    for cluster in (embedded,) if arguments.no_kafka else (embedded, real):
        with cluster() as bench:
            if bench is None:
                continue
            for name in wanted:
                if name in ON_BROKERS or (name in ALONE and cluster is embedded):
                    for row in {**ON_BROKERS, **ALONE}[name](bench, arguments.seconds):
                        rows.append(row)
                        _print(row)
    if arguments.json:
        machine = {"python": platform.python_version(), "processor": platform.processor()}
        document = {"machine": machine, "rows": [row.as_json() for row in rows]}
        arguments.json.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _print(row: Row) -> None:
    floor = "" if row.floor is None else f"   floor {row.floor:g}"
    print(f"{row.name} [{row.broker}]: {row.measured:,.2f} {row.unit}   must {row.must}{floor}")
    if row.detail:
        print(f"    {row.detail}")


if __name__ == "__main__":
    main()
