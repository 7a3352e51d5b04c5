"""Whether a host is this machine: only to it may secrets travel in the clear."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, names this machine, without asking the network."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
