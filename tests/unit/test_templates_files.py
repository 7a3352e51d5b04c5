"""Reading template files: each fault is told with its place, and the templates that are right still work."""

from pathlib import Path

import pytest

from bot.settings.templates import load_templates

FILE = """---
title: Late package
title_en: Late package
title_zh: 包裹延误
topic: delivery
needs: [order_id, carrier, store_name]
fulfilment: merchant
marketplaces: [DE, UK]
---
Hello{% if buyer_name %} {{ buyer_name }}{% endif %},
{% block thanks %}Thank you for your message about {{ order_id }}.{% endblock %}
{% block problem %}Your package is late.{% endblock %}
{% block solution %}It is with {{ carrier }}.{% endblock %}
{{ store_name }}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one template that is right, and room for one that is not."""
    folder = tmp_path / "templates"
    write(folder, "good/en.txt", FILE)
    return folder


def write(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def faults(root: Path) -> list[str]:
    found, wrong = load_templates(root)
    assert [template.name for template in found] == ["good"]
    return [str(fault) for fault in wrong]


def test_a_file_becomes_a_template(root):
    found, wrong = load_templates(root)
    assert wrong == ()
    template = found.get("good", "en")
    assert template.title == "Late package"
    assert template.title_zh == "包裹延误"
    assert template.needs == ("order_id", "carrier", "store_name")
    assert (template.topic, template.fulfilment, template.marketplaces) == (
        "delivery",
        "merchant",
        ("DE", "UK"),
    )
    assert (template.file, template.first_line) == ("templates/good/en.txt", 10)
    assert template.source.startswith("Hello{% if buyer_name %}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"\xef\xbb\xbf" + FILE.encode(), id="with a byte order mark"),
        pytest.param(FILE.replace("\n", "\r\n"), id="with Windows line ends"),
        pytest.param(FILE.replace("---\n", "---  \n"), id="with spaces after the dashes"),
    ],
)
def test_what_editors_do_to_files_does_not_matter(root, text):
    write(root, "good/en.txt", text)
    assert faults(root) == []


def test_the_keys_with_a_default_may_be_left_out(root):
    write(root, "good/en.txt", FILE.replace("fulfilment: merchant\nmarketplaces: [DE, UK]\n", ""))
    template = load_templates(root)[0].get("good", "en")
    assert (template.fulfilment, template.marketplaces) == ("any", ())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "carrier, store",
            "carier, store",
            '6:19: needs.1: unknown variable "carier". Did you mean "carrier"?',
            id="a typo in needs",
        ),
        pytest.param(
            "topic:", "topik:", '5:1: topik: unknown key. Did you mean "topic"?', id="a typo in a key"
        ),
        pytest.param(
            "topic: delivery",
            "topic: delivry",
            '5:1: topic: unknown topic "delivry". Did you mean "delivery"?',
            id="a typo in the topic",
        ),
        pytest.param(
            "title: Late package\n",
            "",
            "1:1: title: this key is needed and is missing",
            id="a key is missing",
        ),
        pytest.param(
            "title: Late package",
            "title: " + "x" * 41,
            "2:1: title: has 41 characters; at most 40 fit into a picker",
            id="a title too long for a picker",
        ),
        pytest.param(
            "title: Late package",
            "title: 17",
            '2:1: title: expected text (if it is a number or true/false, put it in quotes), found "17"',
            id="a number",
        ),
        pytest.param(
            "fulfilment: merchant",
            "fulfilment: fbm",
            "7:1: fulfilment: expected 'any', 'amazon' or 'merchant', found \"fbm\"",
            id="an unknown fulfilment",
        ),
        pytest.param(
            "[DE, UK]",
            "[DE, GB]",
            '8:20: marketplaces.1: unknown marketplace "GB"',
            id="an unknown marketplace",
        ),
        pytest.param(
            "[order_id, carrier, store_name]",
            "order_id",
            '6:1: needs: expected a list, such as [order_id, carrier], found "order_id"',
            id="needs is no list",
        ),
        pytest.param(
            "needs: [order_id",
            "needs: [rma, order_id",
            '6:9: needs.0: "rma" is not used in the body. Use it or remove it.',
            id="a variable that the body does not use",
        ),
        pytest.param(
            "needs: [order_id",
            "needs: [order_id, order_id",
            '6:19: needs.1: "order_id" is listed twice. Remove one.',
            id="a variable twice",
        ),
        pytest.param(
            "title_en: Late package",
            "title: Late package",
            '3:1: title: not valid YAML: found duplicate key "title"',
            id="a key twice",
        ),
        pytest.param(
            "title: Late package",
            "title: Late: package",
            "2:12: title: not valid YAML: mapping values are not allowed here",
            id="a colon without quotes",
        ),
        pytest.param(
            "title: Late package",
            "title: 'Late package",
            "2:8: title: not valid YAML: found unexpected end of stream",
            id="a quote that is not closed",
        ),
        pytest.param(
            "needs: [order_id, carrier, store_name]",
            "needs: [order_id, carrier, store_name",
            "7:11: needs: not valid YAML: expected ',' or ']'",
            id="a bracket that is not closed",
        ),
        pytest.param(
            "{{ carrier }}",
            "{{ carier }}",
            '13:35: body: unknown variable "carier". Did you mean "carrier"?',
            id="a typo in the body",
        ),
        pytest.param(
            "{{ store_name }}", "{{ store_name }", "14:1: body: unexpected '}'.", id="a brace too few"
        ),
        pytest.param(
            "---\ntitle", "title", '1:1: expected "---", then the front matter', id="no front matter"
        ),
        pytest.param(
            "---\nHello", "Hello", "1:1: the front matter has no end", id="front matter without an end"
        ),
    ],
)
def test_a_typo_is_told_with_file_line_column_and_key(root, old, new, expected):
    assert old in FILE
    write(root, "late/en.txt", FILE.replace(old, new, 1))
    assert any(fault.startswith(f"templates/late/en.txt:{expected}") for fault in faults(root)), faults(root)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("title: 2026-99-99", id="a date that does not exist"),
        pytest.param("title: 'a\rb\rc'\ntitle_en: a: b", id="line ends of old machines"),
        pytest.param("a: &x {title: T}\n<<: *x", id="a merge key"),
        pytest.param("title: &x [*x]", id="an alias of itself"),
        pytest.param("title: " + "[" * 3000, id="brackets without end"),
        pytest.param("title: \x00", id="a control character"),
        pytest.param("? [a, b]\n: c", id="a list as a key"),
        pytest.param("1: x", id="a number as a key"),
        pytest.param("title: !!python/object:os.system {}", id="a tag that asks for an object"),
        pytest.param("", id="nothing"),
    ],
)
def test_front_matter_that_nobody_would_write_is_a_fault_and_no_crash(root, head):
    write(root, "late/en.txt", f"---\n{head}\n---\n" + FILE.split("---\n")[2])
    assert len(faults(root)) >= 1


def test_all_faults_of_all_files_are_told_at_once(root):
    write(root, "late/de.txt", FILE.replace("title:", "titel:").replace("{{ carrier }}", "{{ carier }}"))
    write(root, "late/fr.txt", FILE.replace("topic: delivery", "topic: x"))
    places = [fault.split(": ")[:2] for fault in faults(root)]
    assert places == [
        ["templates/late/de.txt:1:1", "title"],
        ["templates/late/de.txt:2:1", "titel"],
        ["templates/late/de.txt:13:35", "body"],
        ["templates/late/fr.txt:5:1", "topic"],
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("late/english.txt", 'templates/late/english.txt: unknown language "english".'),
        ("late/en.text", "templates/late/en.text: nobody reads this file"),
        ("en.txt", "templates/en.txt: nobody reads this file"),
        ("late/old/en.txt", "templates/late/old/en.txt: nobody reads this file"),
        ("Late-1/en.txt", 'templates/Late-1/en.txt: the name "Late-1" may have only a-z, 0-9 and _'),
    ],
)
def test_a_file_in_the_wrong_place_is_told(root, name, expected):
    write(root, name, FILE)
    (fault,) = faults(root)
    assert fault.startswith(expected)


def test_readme_and_hidden_files_are_left_alone(root):
    write(root, "README.md", "How to write a template")
    write(root, "good/.en.txt.swp", b"\x00")
    assert faults(root) == []


def test_a_file_that_is_not_utf8_is_told(root):
    write(root, "late/de.txt", FILE.replace("包裹延误", "Verspätet").encode("latin-1"))
    assert faults(root) == ["templates/late/de.txt: is not UTF-8 text (byte 63); save it as UTF-8"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    found, wrong = load_templates(tmp_path / "no")
    assert len(found) == 0
    assert "is no folder" in str(wrong[0])


def test_front_matter_that_is_no_mapping_is_told(root):
    write(root, "late/en.txt", FILE.replace(FILE[4 : FILE.index("---\nHello")], "just text\n"))
    assert faults(root) == [
        "templates/late/en.txt:2:1: expected keys with values: title, title_en, title_zh, topic, needs"
    ]
