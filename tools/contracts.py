"""An import-linter contract that ships with no import-linter: packages that use the standard library only."""

import sys
from typing import TYPE_CHECKING, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from importlinter.domain.imports import Module


class StandardLibraryOnly(Contract):
    """Modules of `packages` import the standard library, their own root package and `besides`, nothing from outside.

    The built-in `forbidden` contract needs a list of what is forbidden: a new dependency would slip past it.
    """

    type_name = "standard_library_only"

    packages = fields.ListField(subfield=fields.ModuleField())
    besides = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 (signature is theirs)
        """Collect every direct import of a third-party package."""
        allowed = cast("list[str] | None", self.besides) or []
        strays = sorted(
            (importer, imported)
            for package in cast("list[Module]", self.packages)  # the field resolves to its values, untyped
            for importer in {package.name, *graph.find_descendants(package.name)}
            for imported in graph.find_modules_directly_imported_by(importer)
            if _is_third_party(imported, root=package.root_package_name) and imported not in allowed
        )
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each importer and what it imported."""
        for importer, imported in cast("list[tuple[str, str]]", check.metadata["strays"]):
            output.print_error(f"- {importer} -> {imported} is not in the standard library", bold=False)
        output.new_line()


def _is_third_party(module: str, *, root: str) -> bool:
    top = module.partition(".")[0]
    return top != root and top not in sys.stdlib_module_names
