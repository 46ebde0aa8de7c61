"""What the sweep and the delivery of notices share: batches of claims, their leases, and threads for them."""
