[assembly: Parallelize(Scope = ExecutionScope.MethodLevel)]

// Tests whose rows have types that only the commands see.
[assembly: DiscoverInternals]
