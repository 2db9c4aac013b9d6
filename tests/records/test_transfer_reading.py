"""Files of any origin become rows, and every record of a file becomes one."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patron.records.transfer.reading import MOST_COLUMNS, Row, Source, Unreadable, probe, rows

SALES = Path(__file__).parents[3] / "shared/data/sales-opportunities"
relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a file and give its path."""

    def write(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def _names(source: Source) -> list[str]:
    return [column.name for column in source.columns]


def _cells(source: Source, **options: Any) -> list[list[str]]:
    return [row.cells for row in rows(source, **options)]


# Encodings


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Name,City\nMüller,Köln\n", "utf-8", "utf-8"),
        ("Name,City\nMüller,Köln\n", "utf-8-sig", "utf-8-sig"),
        ("Name,City\nMüller,Köln\n", "utf-16", "utf-16"),
        ("Name,City\nMüller,Köln\n", "utf-16-le", "utf-16-le"),
        ("Name,City\nMüller,Köln\n", "utf-16-be", "utf-16-be"),
        ("Name,City\nMüller,Köln\n", "cp1252", "cp1252"),
        ("Name,City\nJosé,x\n", "cp1252", "cp1252"),
        ("Société;Prix\nGénérale à l'élève;5 €\n", "cp1252", "cp1252"),
        ("Compañía;Año\nEspaña;niño\n", "cp1252", "cp1252"),
        ("Namn;Ort\nÅsa Öberg;Malmö\n", "cp1252", "cp1252"),
        ("Imię;Miasto\nŁukasz;Świętokrzyskie\nZażółć;Gdańsk\n", "cp1250", "cp1250"),
        ("Jméno;Město\nJiří Dvořák;Plzeň\nŽižkov;Třebíč\n", "cp1250", "cp1250"),
        ("Name;Ort\nMüller;Straße\nGröße;Österreich\n", "mac_roman", "mac_roman"),
        ("Name;Ort\nMüller;Straße\nGröße;Österreich\n", "cp850", "cp850"),
        ("Имя;Город\nИван;Москва\nОльга;Казань\n", "cp1251", "cp1251"),
        ("Όνομα;Πόλη\nΓιώργος;Αθήνα\n", "cp1253", "cp1253"),
        ("名前,都市\n田中太郎,東京\n鈴木,大阪\n", "cp932", "cp932"),
        ("姓名,城市\n王小明,北京\n李华,上海\n", "gb18030", "gb18030"),
    ],
)
def test_encoding_is_found_and_the_text_is_right(put: Any, text: str, encoding: str, found: str) -> None:
    source = probe(put(text, encoding=encoding))
    assert source.encoding == found
    expected = [line.split(source.delimiter) for line in text.splitlines()]
    assert [_names(source), *_cells(source)] == expected


def test_a_byte_that_is_no_utf_8_is_reported_with_its_line(put: Any) -> None:
    good = "".join(f"Müller {n},Köln\n" for n in range(3000))
    path = put(b"Name,City\n" + good.encode() + b"Caf\xe9,Paris\n" + good.encode())
    with pytest.raises(Unreadable, match=r"Line 3002 holds a byte \(0xE9\) that is not UTF-8"):
        probe(path)


def test_a_byte_that_is_in_no_encoding_is_reported_with_its_line(put: Any) -> None:
    text = "Name,City\n" + "Müller,Köln\n" * 50
    with pytest.raises(Unreadable, match=r"Line 52 holds a byte \(0x81\) that is not Windows-1252"):
        probe(put(text.encode("cp1252") + b"M\x81ller,x\n"))


def test_the_encoding_can_be_told(put: Any) -> None:
    path = put("Name\nPreis 5 €\n", encoding="iso8859_15")
    assert _cells(probe(path, encoding="iso8859_15")) == [["Preis 5 €"]]
    with pytest.raises(Unreadable, match="no encoding called"):
        probe(path, encoding="klingon")


# Dialects


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(put: Any, delimiter: str) -> None:
    table = [["Name", "Betrag", "Notiz"], ["A", "1,5", "x; y"], ["B", "2,5", "z, w|v"], ["C", "", 'say "hi"']]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    source = probe(put(text.getvalue()))
    assert source.delimiter == delimiter
    assert [_names(source), *_cells(source)] == table


def test_apostrophes_may_quote(put: Any) -> None:
    source = probe(put("'Name','City'\n'A, B','Köln'\n'C','Bonn'\n"))
    assert (source.quotechar, _cells(source)) == ("'", [["A, B", "Köln"], ["C", "Bonn"]])


def test_names_with_apostrophes_do_not_quote(put: Any) -> None:
    source = probe(put("Name,City\nO'Brien,'s-Hertogenbosch\nD'Arcy,Köln\n"))
    assert _cells(source) == [["O'Brien", "'s-Hertogenbosch"], ["D'Arcy", "Köln"]]


def test_backslashes_may_escape_quotation_marks(put: Any) -> None:
    source = probe(put('name,note\n"A","say \\"hi\\", twice"\n"B","x"\n'))
    assert _cells(source) == [["A", 'say "hi", twice'], ["B", "x"]]


def test_spaces_after_the_delimiter_before_quotes(put: Any) -> None:
    assert _cells(probe(put('name, note\n"A", "x, y"\n"B", "z"\n'))) == [["A", "x, y"], ["B", "z"]]


def test_sep_line_and_empty_lines_come_before_the_table(put: Any) -> None:
    source = probe(put("sep=;\r\n\r\nName;City\r\nA;B\r\n"))
    assert (source.delimiter, source.preface, _names(source)) == (";", 2, ["Name", "City"])
    assert list(rows(source)) == [Row(4, ["A", "B"])]


def test_titles_above_the_header_are_told(put: Any) -> None:
    source = probe(put("Report 2026\n\nName,City,Size\nA,B,1\nC,D,2\n"))
    assert _names(source) == ["Name", "City", "Size"]
    assert [row.number for row in rows(source)] == [4, 5]
    assert any("title" in note for note in source.notes)


def test_single_column_with_commas_in_prose_stays_one_column(put: Any) -> None:
    assert _names(probe(put("Note\nfine\nalso fine\nhello, world\n"))) == ["Note"]


# Headers


def test_names_are_unique_and_never_empty(put: Any) -> None:
    source = probe(put("Name,,name,City,Name\nA,B,C,D,E\n"))
    assert _names(source) == ["Name", "Column B", "name (2)", "City", "Name (3)"]
    assert len(source.notes) == 3


def test_a_table_without_header(put: Any) -> None:
    source = probe(put("Ann,ann@x.com,12\nBob,bob@x.com,13\n"))
    assert (source.header, _names(source), len(_cells(source))) == (False, ["Column A", "Column B", "Column C"], 2)
    told = probe(put("Ann,ann@x.com,12\nBob,bob@x.com,13\n"), header=True)
    assert (told.header, len(_cells(told))) == (True, 1)


def test_a_word_that_comes_again_in_its_column_is_no_name(put: Any) -> None:
    assert probe(put("red,small\nblue,large\nred,medium\n")).header is False


def test_samples_come_from_all_over_the_file(put: Any) -> None:
    source = probe(put("n,x\n" + "".join(f"{n},same\n" for n in range(100_000))))
    samples = [int(s) for s in source.columns[0].samples]
    assert len(samples) == 200
    assert max(samples) > 90_000
    assert source.columns[1].samples == ("same",)
    assert source.estimated_rows == 100_000


# Nothing is lost


def test_ragged_rows(put: Any) -> None:
    found = list(rows(probe(put("a,b,c\n1,2,3\n1\n1,2,3,4\n1,2,3,,\n\n4,5,6\n"))))
    assert [row.number for row in found] == [2, 3, 4, 5, 6, 7]
    assert found[1] == Row(3, ["1", "", ""])
    assert found[2].cells == ["1", "2", "3", "4"]
    assert "4 cells, but 3 columns" in (found[2].problem or "")
    assert found[3] == Row(5, ["1", "2", "3"])
    assert found[4].blank


def test_numbers_are_lines_of_the_file(put: Any) -> None:
    found = list(rows(probe(put('a,b\n"1\n2\n3",x\n4,y\n'))))
    assert [(row.number, row.cells[0]) for row in found] == [(2, "1\n2\n3"), (5, "4")]


def test_a_quotation_mark_never_closed_costs_one_line(put: Any) -> None:
    body = "".join(f"{n},x\n" for n in range(2000))
    found = list(rows(probe(put('a,b\n1,"open\n' + body))))
    assert len(found) == 2001
    assert found[0].cells == ["1", '"open']
    assert "never closed" in (found[0].problem or "")
    assert not any(row.problem for row in found[1:])


def test_text_after_a_closing_quotation_mark_is_a_problem_of_its_line(put: Any) -> None:
    found = list(rows(probe(put('a,b\n"Big "Al"",x\nok,y\n'))))
    assert [bool(row.problem) for row in found] == [True, False]
    assert found[0].cells == ['"Big "Al""', "x"]


def test_many_stray_quotation_marks_stay_quick_and_complete(put: Any) -> None:
    found = list(rows(probe(put("a,b\n" + 'x,"y\n' * 20_001))))
    assert len(found) == 20_001


def test_a_cell_of_200_000_characters_is_a_problem_not_a_crash(put: Any) -> None:
    found = list(rows(probe(put('a,b\n1,"' + "x" * 200_000 + '"\n2,y\n'))))
    assert [bool(row.problem) for row in found] == [True, False]


def test_an_endless_line_is_refused(put: Any) -> None:
    with pytest.raises(Unreadable, match="Line 2 is longer than"):
        list(rows(probe(put("a,b\n" + "x," * 2_500_000), header=True)))


def test_nul_characters_are_taken_out(put: Any) -> None:
    assert _cells(probe(put("a,b\n1\x00,2\n" + "3,4\n" * 50)))[0] == ["1", "2"]


def test_lines_may_end_with_carriage_returns_alone(put: Any) -> None:
    source = probe(put(b"a,b\r1,2\r3,4\r"))
    assert (_cells(source), source.estimated_rows) == ([["1", "2"], ["3", "4"]], 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "no values"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b"\x89PNG\r\n\x1a\n", "not a table"),
        (b"\x7fELF" + b"\x00\x01\x02\x00" * 500, "not a text file"),
        (b"PK\x03\x04 but no archive", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 but no workbook", "damaged"),
    ],
)
def test_files_that_are_no_tables(put: Any, content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        probe(put(content))


def test_only_a_header(put: Any) -> None:
    source = probe(put("Name,City\n"))
    assert (_names(source), list(rows(source)), source.estimated_rows) == (["Name", "City"], [], 0)
    assert "There are no rows below the header." in source.notes


def test_too_many_columns(put: Any) -> None:
    with pytest.raises(Unreadable, match="1001 columns; at most 1000"):
        probe(put(",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)) + "\n"))


# Properties

CELL = st.text(alphabet=st.sampled_from("abcäßéŁ12 .-'\"\n\r"), max_size=8)
WORD = st.text(alphabet="abcdefgh", min_size=1, max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header of distinct words and rows of as many cells."""
    header = draw(st.lists(WORD, min_size=2, max_size=5, unique=True))
    body = draw(st.lists(st.lists(CELL, min_size=len(header), max_size=len(header)), max_size=8))
    return [header, *body]


@relaxed
@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250"]),
)
def test_any_table_comes_back_as_it_was_written(
    tmp_path: Path, table: list[list[str]], delimiter: str, end: str, quoting: Any, encoding: str
) -> None:
    assume(end == "\r\n" or quoting == csv.QUOTE_ALL or not any("\r" in c for row in table for c in row))
    assume(encoding != "cp1250" or not any("é" in c or "ä" in c for row in table for c in row))
    path = tmp_path / "any.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)
    told = probe(path, encoding="cp1250" if encoding == "cp1250" else None, delimiter=delimiter, header=True)
    assert _names(told) == table[0]
    assert _cells(told, restore=False) == table[1:]
    found = probe(path, encoding=told.encoding)
    assert found.delimiter == delimiter


@relaxed
@given(st.text(alphabet=st.sampled_from("ab1,;\"\n\r\t' "), min_size=1, max_size=80))
def test_every_character_that_counts_is_in_some_row(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chaos.csv"
    path.write_bytes(text.encode())
    try:
        source = probe(path, header=False)
    except Unreadable:
        assert not text.strip(' \n\r\t,;"')
        return
    found = list(rows(source, restore=False))
    kept = "".join(cell for row in found for cell in row.cells)
    for letter in "ab1":
        assert kept.count(letter) == text.count(letter) - _titles(text, source).count(letter)
    numbers = [row.number for row in found]
    assert numbers == sorted(set(numbers))


def _titles(text: str, source: Source) -> str:
    return "".join(io.StringIO(text, newline="").readlines()[: source.preface])


# Real files


@pytest.mark.parametrize(
    ("name", "count"), [("accounts", 85), ("products", 7), ("sales_pipeline", 8800), ("sales_teams", 35)]
)
def test_the_public_data_set_is_read_whole(name: str, count: int) -> None:
    path = SALES / f"{name}.csv"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is absent")
        pytest.skip(f"{path} is absent")
    source = probe(path)
    found = list(rows(source))
    assert (source.estimated_rows, len(found)) == (count, count)
    assert [row.number for row in found] == list(range(2, count + 2))
    assert not any(row.problem for row in found)


def test_empty_cells_above_the_header_are_no_header(put: Any) -> None:
    source = probe(put(",,\nName,City,Size\nA,B,1\n"))
    assert (_names(source), list(rows(source))) == (["Name", "City", "Size"], [Row(3, ["A", "B", "1"])])


def test_a_source_is_kept_as_json(put: Any) -> None:
    source = probe(put("Name;City\nA;B\n"))
    assert msgspec.json.decode(msgspec.json.encode(source), type=Source) == source


def test_one_odd_byte_far_down_a_large_file_decides_its_encoding_quickly(put: Any) -> None:
    path = put(b"Name,Note\n" + (b"x" * 300 + b",y\n") * 30_000 + "Müller,z\n".encode("cp1252"))
    assert probe(path).encoding == "cp1252"
