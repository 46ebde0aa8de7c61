"""What sweeping and delivering share: batches of claims, their leases, and threads for them."""
