package cluster

// arguments are the server's settings, for two cores and 2 to 4 GB of memory.
// They stand on the command line, not in the data directory, so that a new
// program brings its own.
func (c *Cluster) arguments() []string {
	settings := []string{
		"listen_addresses=",
		"unix_socket_directories=" + c.Sockets,
		"unix_socket_permissions=0700",
		"port=" + port,
		"max_connections=200",
		"shared_buffers=256MB",
		"effective_cache_size=1GB",
		"work_mem=16MB",
		"maintenance_work_mem=128MB",
		"max_wal_size=2GB",
		"wal_compression=on",
		"wal_level=replica",
		"checkpoint_timeout=15min",
		"random_page_cost=1.1",
		"jit=off",
		"timezone=UTC",
		"log_timezone=UTC",
		"lc_messages=C",
		// The program reads the messages; statements and key values in
		// them would be citizens' data.
		"logging_collector=off",
		"log_destination=stderr",
		"log_line_prefix=",
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
		"log_min_messages=warning",
		"log_checkpoints=off",
		"restart_after_crash=on",
	}
	if c.Volatile {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0", "max_connections=400", "shared_buffers=128MB", "autovacuum=off")
	} else {
		settings = append(settings, "fsync=on", "synchronous_commit=on", "full_page_writes=on")
	}
	args := []string{"-D", c.Dir}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}
