"""The tree of groups and requests, in Gatling's order, with the name of each one's page."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gatlingpy.report.columns import Path
from gatlingpy.report.slugs import SlugKind, Slugs
from gatlingpy.report.statistics import Entry, Kind, Statistics


@dataclass(slots=True, eq=False)
class Node:
    """One entry with what lies below it: groups before requests, each by its first moment."""

    entry: Entry
    page: str
    """Name of its page without ``.html``, from the whole path."""
    key: str
    """Its key among its siblings in ``stats.json``, from the name alone."""
    children: list["Node"] = field(default_factory=list)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Node"]]:
        """Yield everything below this node with its depth, from the top down."""
        for child in self.children:
            yield depth, child
            yield from child.walk(depth + 1)


def tree_of(statistics: Statistics) -> Node:
    """Return the root, which stands for all requests."""
    pages = Slugs()
    root = Node(statistics.total, pages.name("group", ""), "")
    nodes: dict[Path, Node] = {(): root}
    keys: dict[Path, Slugs] = {}
    # A parent group has been seen no later than what is in it, and is shorter: it comes first.
    for entry in (*statistics.groups, *statistics.requests):
        kind: SlugKind = "group" if entry.kind is Kind.GROUP else "req"
        parent = entry.path[:-1]
        key = keys.setdefault(parent, Slugs()).name(kind, entry.name)
        node = Node(entry, pages.name(kind, entry.title), key)
        if entry.kind is Kind.GROUP:
            nodes[entry.path] = node
        nodes[parent].children.append(node)
    return root
