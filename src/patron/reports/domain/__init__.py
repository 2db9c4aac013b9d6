"""What people do with reports and dashboards: keep, share, copy, arrange, send, delete."""
