"""Amazon's Selling Partner API: orders, typed messages, and the care that asking takes. Decides nothing."""
