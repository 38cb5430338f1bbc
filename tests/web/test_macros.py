"""The macros: what they write for awkward values, without a browser."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest

from core.i18n import Message
from tests.browser.style_page import Definition, environment, frame

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> 100% {x} {{ y }} %(z)s"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}"
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def draw(source: str, locale: str = "en", **values: Any) -> _Tags:
    imports = (
        '{% from "macros/forms.html" import field, fields, error_summary, post_button, submit with context %}'
        '{% from "macros/tables.html" import data_table, pager, sort_header, search_box, empty with context %}'
        '{% from "macros/badges.html" import badge, state_badge, verdict_badge with context %}'
        '{% from "macros/cards.html" import verdict, person, key_values, figure, timeline with context %}'
        '{% from "macros/charts.html" import bar_chart, line_chart with context %}'
        '{% from "macros/icons.html" import icon with context %}'
    )
    made = environment(locale).from_string(imports + source)
    parser = _Tags()
    parser.feed(made.render(frame(locale, **values)))
    return parser


@pytest.mark.parametrize(
    "source",
    [
        "{{ field(f, value, value) }}",
        "{{ fields([f], {'a': value}, {'a': value}) }}",
        "{{ error_summary({'a': value, '': value, 'unknown': [value, value]}, [f]) }}",
        "{{ post_button('/x', value, confirm=value, hidden={'a': value}) }}",
        "{{ search_box({'q': value}) }}",
        "{{ sort_header(value, 'k', {'q': value}) }}",
        "{{ pager(2, 3, 40, {'q': value}) }}",
        "{{ empty(value, value, '/x', value) }}",
        "{{ badge(value) }}{{ state_badge(value) }}{{ verdict_badge(value) }}",
        "{{ verdict('deny', value, value, value, value) }}",
        "{{ person(value, [value], value, value) }}{{ key_values([(value, value)]) }}",
        "{{ figure(value, value, value) }}{{ timeline([{'time': value, 'text': value, 'who': value}]) }}",
        "{{ bar_chart(value, [(value, 3)], unit=value) }}",
        "{{ icon('home', value) }}",
    ],
)
def test_hostile_text_stays_text(source: str) -> None:
    options = [("1", HOSTILE)]
    definition = Definition(
        "a", HOSTILE, "select", True, options, help=HOSTILE, placeholder=HOSTILE
    )
    drawn = draw(source, value=HOSTILE, f=definition)
    assert not [tag for tag, _ in drawn.tags if tag == "script"]
    assert not [attrs for _, attrs in drawn.tags if "onerror" in attrs]


KINDS = ["text", "tel", "email", "number", "date", "datetime", "time", "select", "radio"]
KINDS += ["textarea", "checkbox", "file", "password", "search"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_field_has_a_label_and_names_its_error_and_help(kind: str) -> None:
    definition = Definition("a", "Label", kind, True, [("1", "One")], help="Help")
    drawn = draw("{{ field(f, '1', 'Wrong') }}", f=definition)
    ids = {attrs["id"] for _, attrs in drawn.tags if "id" in attrs}
    assert {"f-a", "f-a-error", "f-a-help"} <= ids
    described = [attrs for _, attrs in drawn.tags if "aria-describedby" in attrs]
    assert described[0]["aria-describedby"] == "f-a-error f-a-help"
    labelled = [attrs.get("for") for tag, attrs in drawn.tags if tag == "label"]
    assert "f-a" in labelled or ("legend" in [tag for tag, _ in drawn.tags])
    assert re.search(r"Label\s*\*", drawn.text)


def test_password_and_file_are_never_written_back() -> None:
    for kind in ("password", "file"):
        drawn = draw("{{ field(f, 'secret') }}", f=Definition("a", "Label", kind))
        assert all("value" not in attrs for _, attrs in drawn.tags)


def test_definition_without_the_optional_attributes_is_enough() -> None:
    @dataclass
    class Least:
        name: str
        label: str
        required: bool = False
        kind: str = "text"

    drawn = draw("{{ field(f) }}{{ fields([f]) }}", f=Least("a", "Label"))
    assert next(attrs for tag, attrs in drawn.tags if tag == "input")["value"] == ""


def test_value_keeps_zero_and_shows_none_as_empty() -> None:
    definition = Definition("a", "Label", "number")
    for value, shown in ((0, "0"), (None, ""), ("", "")):
        drawn = draw("{{ field(f, value) }}", f=definition, value=value)
        assert dict(drawn.tags)["input"]["value"] == shown


def test_optional_fields_are_folded_until_one_is_filled_or_wrong() -> None:
    definitions = [Definition("a", "A", required=True), Definition("b", "B")]
    for values, errors, is_open in (
        ({}, {}, False),
        ({"b": "x"}, {}, True),
        ({}, {"b": "no"}, True),
    ):
        drawn = draw("{{ fields(d, v, e) }}", d=definitions, v=values, e=errors)
        assert ("open" in dict(drawn.tags)["details"]) is is_open


def test_error_list_names_the_whole_form_the_fields_and_the_unknown() -> None:
    errors = {"": "Together", "b": ["One", "Two"], "ghost": Message("Lost {n}", {"n": 3})}
    drawn = draw("{{ error_summary(e, d) }}", e=errors, d=[Definition("b", "Bee")])
    assert [attrs["href"] for tag, attrs in drawn.tags if tag == "a"] == ["#f-b"]
    for said in ("Together", "Bee: One Two", "Lost 3", "3 entries need your attention"):
        assert said in drawn.text
    assert draw("{{ error_summary({}, []) }}").tags == []


def test_error_about_the_whole_form_alone_is_said_without_counting() -> None:
    drawn = draw("{{ error_summary({'': 'Wrong name or password.'}) }}")
    assert drawn.text.split() == ["Wrong", "name", "or", "password."]


def test_sort_link_turns_round_and_goes_back_to_the_first_page() -> None:
    source = "<table><tr>{{ sort_header('Name', 'name', query) }}</tr></table>"
    for sort, link, said in (
        ("", "?q=a&sort=name", None),
        ("name", "?q=a&sort=-name", "ascending"),
        ("-name", "?q=a&sort=name", "descending"),
    ):
        drawn = draw(source, query={"q": "a", "page": "4", "sort": sort})
        head = dict(drawn.tags)
        assert (head["a"]["href"], head["th"].get("aria-sort")) == (link, said)


def test_texts_of_the_macros_are_in_the_language_of_the_reader() -> None:
    source = (
        "{{ pager(1, 1, 2, {}) }}{{ state_badge('inside') }}{{ verdict('deny', what_to_do='x') }}"
    )
    said = {locale: draw(source, locale).text for locale in ("zh_Hans", "zh_Hant", "en")}
    for text, locale in (("共 2 条", "zh_Hans"), ("共 2 筆", "zh_Hant"), ("2 rows", "en")):
        assert text in said[locale]
    assert "在内" in said["zh_Hans"]
    assert "在內" in said["zh_Hant"]
    assert "处理办法：" in said["zh_Hans"]


def test_chart_of_nothing_of_one_and_with_gaps_is_drawn() -> None:
    for points in ([], [("a", 0)], [("a", None)], [("a", -2), ("b", None), ("c", 4.5)]):
        for kind in ("bar_chart", "line_chart"):
            drawn = draw("{{ " + kind + "('Title', points) }}", points=points)
            assert "svg" in dict(drawn.tags)
            assert len([1 for tag, _ in drawn.tags if tag == "th"]) == 2 + len(points)


def test_unknown_icon_of_a_plugin_does_not_break_the_page() -> None:
    assert "svg" in dict(draw("{{ icon('no-such-icon') }}").tags)
