"""`reply24 evidence`: everything about an order in one file that anybody can check."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk
from bot.cli.files import write_whole

if TYPE_CHECKING:
    from bot.domain.evidence import Evidence

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def register(app: typer.Typer) -> None:
    """The command that makes evidence packs."""
    app.command()(evidence)


def evidence(
    order: Annotated[str, typer.Argument(help="An order id, or the number of a case.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The zip file to write.")],
    as_json: printing.AsJson = False,
) -> None:
    """Write an evidence pack: timeline, texts while they are kept, checks, what was given, proof, a verifier."""
    import hashlib

    from bot.desk import evidence as desk_evidence

    with at_desk() as desk:
        found = desk_evidence.gather(desk, order.strip())
        packed, listed = pack(found)
        try:
            write_whole(output, [zipped(packed)], is_private=True)
        except OSError as why:
            text = f"can't be written: {why.strerror or why}"
            raise typer.BadParameter(text, param_hint="--output") from why
        digest = hashlib.sha256(listed).hexdigest()
        desk_evidence.made(desk, found.numbers, digest)
    records, texts = len(found.ledger["records"]), len(found.texts)
    if as_json:
        printing.as_json(
            {
                "file": str(output),
                "cases": list(found.numbers),
                "records": records,
                "texts": texts,
                "manifest_sha256": digest,
                "anchor": found.ledger["anchor"],
            }
        )
    else:
        printing.line(
            f"{output}: {len(found.numbers)} cases, {records} records with proof, {texts} texts. "
            f"Manifest SHA-256 {digest}, which is in the ledger too. Check it: python3 verify.py {output.name}"
        )


def pack(found: "Evidence") -> tuple[dict[str, bytes], bytes]:
    """The files of a pack by name, and its manifest, which is one of them."""
    from bot.charts.evidence_report import report
    from bot.cli import verify_pack
    from bot.domain import evidence as rules

    packed = rules.files(found)
    packed["report.html"] = report(found).encode()
    packed["verify.py"] = Path(verify_pack.__file__).read_bytes()
    listed = rules.manifest(packed, found)
    return packed | {"manifest.json": listed}, listed


def zipped(packed: dict[str, bytes]) -> bytes:
    """Of the same files always the same bytes."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(packed):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, packed[name])
    return made.getvalue()
