"""Pages of home, reports and dashboards."""
