"""What repeats by itself: mailbox readers, lanes, ticks, leases. The only room that sees all edges."""
