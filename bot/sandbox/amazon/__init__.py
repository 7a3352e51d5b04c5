"""A strict stand-in for Amazon's Selling Partner API and its token server, made from Amazon's own models."""
