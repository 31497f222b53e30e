"""What dbt withholds from its unit tests: the graph, in which typed_rows reads a declaration.

Belongs here: the one place where dbt is extended. Does not belong here: anything that a night
needs; without this module every model builds as before and only unit tests of base models fail.
"""

from dbt.contracts.graph.manifest import Manifest
from dbt.parser.unit_tests import UnitTestManifestLoader


class LoaderWithGraph(UnitTestManifestLoader):
    """A loader whose manifest of one unit test answers `graph` as that of the project does.

    dbt gives each unit test a manifest with nothing in it but the test and its inputs, and fills
    in no graph, so that `graph.sources` fails there. A model renders in its tests as in a night
    only if both read the same declarations.
    """

    def load(self) -> Manifest:
        """Return the manifest of the selected unit tests."""
        alone = super().load()
        alone.flat_graph = self.manifest.flat_graph
        return alone


def lend_graph() -> None:
    """Make dbt use that loader in this process; doing it again changes nothing."""
    import dbt.task.test

    dbt.task.test.UnitTestManifestLoader = LoaderWithGraph  # type: ignore[attr-defined]
