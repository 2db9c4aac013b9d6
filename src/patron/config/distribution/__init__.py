"""From one PostgreSQL to a Citus cluster: what the database holds (`catalog`), what stands in the way (`checks`), what is to be run (`plan`), running it (`run`)."""
