"""The icon sprite and the other vendored files."""

import importlib.util
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "node_modules" / "lucide-static" / "icons"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_names_are_read_without_comments_and_repetitions(vendor: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "icons.txt").write_text("x\n# a comment\n\ncheck  # to say yes\nx\n")

    assert vendor.icon_names(tmp_path / "icons.txt") == ["check", "x"]


def test_a_symbol_holds_the_shapes_of_its_icon(vendor: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text('<!-- licence -->\n<svg\n  class="lucide"\n  width="24"\n>\n  <path d="M1 1" />\n  <path d="M2 2" />\n</svg>\n')

    symbol = ElementTree.fromstring(vendor.sprite(["x"], tmp_path)).find(f"{SVG}symbol")

    assert symbol is not None
    assert symbol.attrib == {"id": "x", "viewBox": "0 0 24 24"}
    assert [shape.get("d") for shape in symbol] == ["M1 1", "M2 2"]


def test_unknown_icons_are_all_named(vendor: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no-such, nor-this"):
        vendor.sprite(["no-such", "nor-this"], tmp_path)


def test_the_sprite_has_every_icon_that_the_templates_may_use(vendor: ModuleType) -> None:
    names = vendor.icon_names(ROOT / "src" / "patron" / "kernel" / "icons.txt")
    symbols = ElementTree.fromstring(vendor.sprite(names, ICONS)).findall(f"{SVG}symbol")

    assert [symbol.get("id") for symbol in symbols] == names
    assert all(len(symbol) for symbol in symbols)


def test_every_vendored_file_exists_in_what_npm_installed(vendor: ModuleType) -> None:
    assert all((vendor.MODULES / source).is_file() for source in vendor.FILES.values())
