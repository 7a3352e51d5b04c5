"""Amazon's sites: ids, mail domains, language, zone and currency.

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
    currency: str


_ROWS = (
    ("US", "ATVPDKIKX0DER", "na", "com", "en", "America/New_York", "USD"),
    ("CA", "A2EUQ1WTGCTBG2", "na", "ca", "en", "America/Toronto", "CAD"),
    ("MX", "A1AM78C64UM0Y8", "na", "com.mx", "es", "America/Mexico_City", "MXN"),
    ("BR", "A2Q3Y263D00KWC", "na", "com.br", "pt", "America/Sao_Paulo", "BRL"),
    ("UK", "A1F83G8C2ARO7P", "eu", "co.uk", "en", "Europe/London", "GBP"),
    ("IE", "A28R8C7NBKEWEA", "eu", "ie", "en", "Europe/Dublin", "EUR"),
    ("DE", "A1PA6795UKMFR9", "eu", "de", "de", "Europe/Berlin", "EUR"),
    ("FR", "A13V1IB3VIYZZH", "eu", "fr", "fr", "Europe/Paris", "EUR"),
    ("IT", "APJ6JRA9NG5V4", "eu", "it", "it", "Europe/Rome", "EUR"),
    ("ES", "A1RKKUPIHCS9HS", "eu", "es", "es", "Europe/Madrid", "EUR"),
    ("NL", "A1805IZSGTT6HS", "eu", "nl", "nl", "Europe/Amsterdam", "EUR"),
    ("BE", "AMEN7PMS3EDWL", "eu", "com.be", "nl", "Europe/Brussels", "EUR"),
    ("SE", "A2NODRKZP88ZB9", "eu", "se", "sv", "Europe/Stockholm", "SEK"),
    ("PL", "A1C3SOZRARQ6R3", "eu", "pl", "pl", "Europe/Warsaw", "PLN"),
    ("TR", "A33AVAJ2PDY3EV", "eu", "com.tr", "tr", "Europe/Istanbul", "TRY"),
    ("AE", "A2VIGQ35RCS4UG", "eu", "ae", "en", "Asia/Dubai", "AED"),
    ("SA", "A17E79C6D8DWNP", "eu", "sa", "ar", "Asia/Riyadh", "SAR"),
    ("EG", "ARBP9OOSHTCHU", "eu", "eg", "ar", "Africa/Cairo", "EGP"),
    ("IN", "A21TJRUUN4KGV", "eu", "in", "en", "Asia/Kolkata", "INR"),
    ("ZA", "AE08WJ6YKNBMC", "eu", "co.za", "en", "Africa/Johannesburg", "ZAR"),
    ("JP", "A1VC38T7YXB528", "fe", "co.jp", "ja", "Asia/Tokyo", "JPY"),
    ("SG", "A19VAU5U5O7RUS", "fe", "sg", "en", "Asia/Singapore", "SGD"),
    ("AU", "A39IBJ37TRP1C6", "fe", "com.au", "en", "Australia/Sydney", "AUD"),
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
