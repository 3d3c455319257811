"""One call over the network: its attempts, redirects, limits and errors, and the connections it goes through."""
