"""What leaves and what comes back: agreements, proposals, releases, recalls, purges."""
