"""Amazon's sites: ids, mail domains, language and zone.

Ids and regions: Amazon's developer documentation, "Marketplace IDs". Mail domains: the hosts behind
`@marketplace.amazon.`; language and zone are sensible defaults, a store can set its own.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One Amazon site. `domain` is what follows `amazon.` in its addresses and links."""

    code: str
    id: str
    region: str
    domain: str
    language: str
    zone: str


_ROWS = (
    ("US", "ATVPDKIKX0DER", "na", "com", "en", "America/New_York"),
    ("CA", "A2EUQ1WTGCTBG2", "na", "ca", "en", "America/Toronto"),
    ("MX", "A1AM78C64UM0Y8", "na", "com.mx", "es", "America/Mexico_City"),
    ("BR", "A2Q3Y263D00KWC", "na", "com.br", "pt", "America/Sao_Paulo"),
    ("UK", "A1F83G8C2ARO7P", "eu", "co.uk", "en", "Europe/London"),
    ("IE", "A28R8C7NBKEWEA", "eu", "ie", "en", "Europe/Dublin"),
    ("DE", "A1PA6795UKMFR9", "eu", "de", "de", "Europe/Berlin"),
    ("FR", "A13V1IB3VIYZZH", "eu", "fr", "fr", "Europe/Paris"),
    ("IT", "APJ6JRA9NG5V4", "eu", "it", "it", "Europe/Rome"),
    ("ES", "A1RKKUPIHCS9HS", "eu", "es", "es", "Europe/Madrid"),
    ("NL", "A1805IZSGTT6HS", "eu", "nl", "nl", "Europe/Amsterdam"),
    ("BE", "AMEN7PMS3EDWL", "eu", "com.be", "nl", "Europe/Brussels"),
    ("SE", "A2NODRKZP88ZB9", "eu", "se", "sv", "Europe/Stockholm"),
    ("PL", "A1C3SOZRARQ6R3", "eu", "pl", "pl", "Europe/Warsaw"),
    ("TR", "A33AVAJ2PDY3EV", "eu", "com.tr", "tr", "Europe/Istanbul"),
    ("AE", "A2VIGQ35RCS4UG", "eu", "ae", "en", "Asia/Dubai"),
    ("SA", "A17E79C6D8DWNP", "eu", "sa", "ar", "Asia/Riyadh"),
    ("EG", "ARBP9OOSHTCHU", "eu", "eg", "ar", "Africa/Cairo"),
    ("IN", "A21TJRUUN4KGV", "eu", "in", "en", "Asia/Kolkata"),
    ("ZA", "AE08WJ6YKNBMC", "eu", "co.za", "en", "Africa/Johannesburg"),
    ("JP", "A1VC38T7YXB528", "fe", "co.jp", "ja", "Asia/Tokyo"),
    ("SG", "A19VAU5U5O7RUS", "fe", "sg", "en", "Asia/Singapore"),
    ("AU", "A39IBJ37TRP1C6", "fe", "com.au", "en", "Australia/Sydney"),
)

MARKETPLACES = {row[0]: Marketplace(*row) for row in _ROWS}
BY_ID = {marketplace.id: marketplace for marketplace in MARKETPLACES.values()}
BY_DOMAIN = {marketplace.domain: marketplace for marketplace in MARKETPLACES.values()}


def of_relay_host(host: str) -> Marketplace | None:
    """The marketplace whose relay `host` is: `marketplace.amazon.de`, or a sub-domain of it; else None.

    The whole host must fit: `marketplace.amazon.de.evil.example` is nobody's.
    """
    head, found, domain = host.lower().rstrip(".").rpartition("marketplace.amazon.")
    if not found or (head and not head.endswith(".")):
        return None
    return BY_DOMAIN.get(domain)
