"""Renders the pages: one index, one page for each request and each group."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gatlingpy.errors import ResultsError
from gatlingpy.report import charts, metric_charts, run_charts
from gatlingpy.report.columns import Requests
from gatlingpy.report.facts import RunLog
from gatlingpy.report.formats import FILTERS
from gatlingpy.report.gatling_files import json_bytes
from gatlingpy.report.rows import Rows
from gatlingpy.report.statistics import Entry, Kind
from gatlingpy.report.summary import Summary
from gatlingpy.report.tree import Node
from gatlingpy.report.views import endings_view, ranges_view, replies_view, table_view
from gatlingpy.report.window import Buckets, exact_buckets
from gatlingpy.resources import resource_folder

Context: TypeAlias = dict[str, object]

_FEW_PAGES: Final = 60
"""With more pages than this each has fewer points, so that all together stay small."""
_COUNTED: Final = 30
"""Names in the chart of counts; the table has all."""
_LEGS: Final = ("-send", "-store")


def script_json(value: object) -> Markup:
    """Write JSON that may stand inside a script element, whatever texts it holds."""
    text = json_bytes(value, indent=False).decode()
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML knows is escaped above


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource_folder("templates") / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.filters["script_json"] = script_json
    return environment


class Pages:
    """Writes the pages of one run into a folder."""

    def __init__(
        self,
        into: Path,
        log: RunLog,
        rows: Rows,
        measured: RunLog,
        measured_rows: Rows,
        summary: Summary,
        tree: Node,
    ) -> None:
        """Everything that pages are made of; nothing is written yet.

        ``log`` and ``rows`` are of the whole run, for charts along it; ``measured`` is what is left
        of it after its warm-up, for all else.
        """
        self._into = into
        self._log = log
        self._rows = rows
        self._measured = measured
        self._measured_rows = measured_rows
        self._summary = summary
        self._tree = tree
        nodes = [node for _, node in tree.walk()]
        self._paged = nodes[: summary.statistics.options.max_pages]
        points = summary.statistics.options.max_points
        if len(nodes) > _FEW_PAGES:
            points = max(10, points // 2)
        self._buckets: Buckets = exact_buckets(summary.window, points)
        self._environment = _environment()
        self._environment.globals |= self._globals(nodes)
        self._menu = self._environment.get_template("menu.html").render()

    def _globals(self, nodes: Sequence[Node]) -> Context:
        paged = {node.page for node in self._paged}
        statistics = self._summary.statistics
        return {
            "card": self._summary.card,
            "summary": self._summary,
            "statistics": statistics,
            "options": statistics.options,
            "tree": [(depth, node) for depth, node in self._tree.walk()],
            "paged": paged,
            "unpaged": len(nodes) - len(paged),
            "Kind": Kind,
        }

    def write(self) -> Path:
        """Write everything and return the index.  Raises OSError and ResultsError."""
        self._write_assets()
        shared = run_charts.shared(self._log, self._buckets, self._summary.warm_up)
        self._text("js/run.js", f"window.RUN = {script_json(shared)};\n")
        for node in self._paged:
            kind = "group" if node.entry.kind is Kind.GROUP else "request"
            self._page(kind, node.page, self._details(node))
        return self._page("index", "index", self._index())

    def _text(self, name: str, content: str) -> Path:
        path = self._into / name
        path.write_bytes(content.encode(errors="replace"))
        return path

    def _write_assets(self) -> None:
        for folder in ("js", "style"):
            (self._into / folder).mkdir(exist_ok=True)
        source = resource_folder("templates") / "report"
        for name in ("style/report.css", "js/report.js"):
            (self._into / name).write_bytes((source / Path(name).name).read_bytes())
        (self._into / "js" / "plotly.min.js").write_bytes(plotly_script())

    def _page(self, template: str, page: str, context: Context) -> Path:
        # One menu serves all pages; only the mark of the current one differs.
        link = f'href="{page}.html"'
        menu = self._menu.replace(link, f'{link} aria-current="page"')
        html = self._environment.get_template(f"{template}.html").render(
            context,
            menu=Markup(menu),  # noqa: S704 - rendered by an escaping template
        )
        return self._text(f"{page}.html", html)

    def _index(self) -> Context:
        statistics = self._summary.statistics
        return {
            "page": "index",
            "title": "All requests",
            "entry": statistics.total,
            "ranges": ranges_view(statistics.total, statistics.options),
            "table": table_view(self._tree, {node.page for node in self._paged}),
            "legs": statistics.legs,
            "errors": statistics.errors,
            "endings": endings_view((statistics.total, *statistics.requests)),
            "replies": replies_view(self._summary.replies),
            "marks": run_charts.marks(self._log),
            "more_marks": max(0, len(self._log.facts.marks) - run_charts.MAX_MARKS),
            "charts": {chart["id"]: chart for chart in self._index_charts()},
            "gauges": run_charts.gauges(self._log, self._buckets),
            "metrics": metric_charts.sections(self._log, self._buckets),
        }

    def _index_charts(self) -> Iterator[charts.Chart]:
        log, buckets = self._log, self._buckets
        requests, ok = log.requests, log.requests.ending == 0
        users = bool(len(log.users.at_us))
        entries = self._summary.statistics.requests[:_COUNTED]
        if entries:
            yield charts.counts_by_request(
                [(e.title, e.exact.ok.count, e.exact.ko.count) for e in entries]
            )
        if users:
            yield run_charts.active_users(log, buckets)
            yield run_charts.arrivals(log, buckets)
        yield from self._distribution(self._measured.requests)
        yield charts.percentiles(
            "percentiles", "Response time", requests.start_us[ok], requests.duration_us[ok], buckets
        )
        yield charts.requests_per_second(requests, buckets, users=users)
        yield charts.responses_per_second(requests, buckets, users=users)
        if self._summary.lag.known:
            yield charts.lag_over_time(requests, buckets)
        legs = [(leg.title, self._rows.legs.of(leg.code)) for leg in self._legs_by_count()]
        if legs:
            yield charts.legs_over_time(legs, buckets)
        sends = [leg for leg in self._summary.statistics.legs if leg.name.endswith("-send")]
        sent = [self._rows.legs.of(leg.code) for leg in sends]
        yield from metric_charts.referee(log, sent, buckets)

    @staticmethod
    def _distribution(measured: Requests) -> Iterator[charts.Chart]:
        if len(measured.path):
            ok, times = measured.ending == 0, measured.duration_us
            yield charts.distribution("distribution", "Response time", times[ok], times[~ok])

    def _legs_by_count(self) -> list[Entry]:
        """Return the legs that a chart has room for: the most frequent, in their order."""
        legs = self._summary.statistics.legs
        kept = sorted(legs, key=lambda leg: -leg.exact.total.count)[:6]
        return [leg for leg in legs if leg in kept]

    def _details(self, node: Node) -> Context:
        entry = node.entry
        options = self._summary.statistics.options
        context: Context = {
            "page": node.page,
            "title": entry.title,
            "entry": entry,
            "ranges": ranges_view(entry, options),
            "errors": entry.errors,
        }
        if entry.kind is Kind.GROUP:
            return {**context, "charts": self._by_id(self._group_charts(entry))}
        legs = [leg for leg in self._summary.statistics.legs if self._belongs(leg, entry)]
        shown = {
            "legs": legs,
            "endings": endings_view((entry,)),
            "charts": self._by_id(self._request_charts(entry, legs)),
        }
        return {**context, **shown}

    @staticmethod
    def _belongs(leg: Entry, entry: Entry) -> bool:
        """A leg carries the name of its request, without groups, and an ending of its own."""
        return leg.name in {entry.name + ending for ending in _LEGS}

    @staticmethod
    def _by_id(made: Iterator[charts.Chart]) -> Mapping[object, charts.Chart]:
        return {chart["id"]: chart for chart in made}

    def _request_charts(self, entry: Entry, legs: Sequence[Entry]) -> Iterator[charts.Chart]:
        rows, buckets = self._rows.requests.of(entry.code), self._buckets
        measured = self._measured_rows.requests.of(entry.code)
        ok = rows.ending == 0
        yield from self._distribution(measured)
        yield charts.percentiles(
            "percentiles", "Response time", rows.start_us[ok], rows.duration_us[ok], buckets
        )
        yield charts.requests_per_second(rows, buckets, users=False)
        yield charts.responses_per_second(rows, buckets, users=False)
        yield charts.throughput(measured, self._log.requests.start_us, buckets)
        if legs:
            parts = [
                (leg.name[len(entry.name) + 1 :], self._rows.legs.of(leg.code)) for leg in legs
            ]
            yield charts.legs_over_time(parts, buckets, whole=rows)
        if self._summary.lag.known:
            yield charts.lag_over_time(rows, buckets)

    def _group_charts(self, entry: Entry) -> Iterator[charts.Chart]:
        rows, buckets = self._rows.groups.of(entry.code), self._buckets
        measured = self._measured_rows.groups.of(entry.code)
        if not len(measured.path):
            return
        for name, label, column in (
            ("duration", "Duration", "duration_us"),
            ("cumulated", "Cumulated response time", "cumulated_us"),
        ):
            times, ok = getattr(measured, column), measured.ok
            yield charts.distribution(f"{name}-distribution", label, times[ok], times[~ok])
            times, ok = getattr(rows, column), rows.ok
            yield charts.percentiles(
                f"{name}-percentiles", label, rows.start_us[ok], times[ok], buckets
            )


def plotly_script() -> bytes:
    """Return plotly's own JavaScript from its wheel; raises ResultsError if it is not there."""
    # The file alone is wanted: plotly itself is found, and not imported.
    spec = find_spec("plotly")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "package_data" / "plotly.min.js"
        if path.is_file():
            return path.read_bytes()
    raise ResultsError(
        "the report needs plotly's JavaScript, and no installed plotly has it; "
        "install it: pip install plotly"
    )
