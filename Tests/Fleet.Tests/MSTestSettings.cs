// The tests start programs and wait for them: most of the time the processors are free.
[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.MethodLevel)]
