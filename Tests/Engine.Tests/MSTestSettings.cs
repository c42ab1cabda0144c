// Each test starts a debugger of its own.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]
