using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What the routines of the table do to the locks held.</summary>
internal sealed class LockEffects(WalkContext context, AnyCall calls)
{
    private readonly ValueFactory values = context.Values;

    /// <summary>What a call of a routine that takes or gives back a lock leaves.</summary>
    public IReadOnlyList<CallResult> Of(Pass pass, LockRoutine routine, ulong at, Property property, MachineState state)
    {
        Value held = state[Register.Rcx];
        if (routine is { Effect: RoutineEffect.WaitsForMutex } && !context.Mutexes.IsMutex(held))
        {
            calls.Clobber(state, at);
            return [new CallResult(property, state)];
        }

        if (routine is { Kind: CodeLockKind.Mutant, Acquires: false })
        {
            context.Mutexes.Name(held);
        }

        bool always = AlwaysAcquires(routine, state);
        calls.Clobber(state, at, writesNothing: routine.Effect != RoutineEffect.WaitsForMutex);
        if (!routine.Acquires)
        {
            return [new CallResult(Release(pass.Walk, routine.Kind, held, property, state), state)];
        }

        if (always && TakenBack(pass.Walk, routine.Kind, held, property) is { } release)
        {
            return [new CallResult(property.Free(release, isFreed: false), state)];
        }

        Site? site = pass.SiteOf(at, routine, null);
        return site is null ? [new CallResult(property, state)] : Take(site, at, held, always, property, state);
    }

    /// <summary>
    /// A release is for the lock that is surely the same; else for all that may be. One that was not taken here is the
    /// caller's.
    /// </summary>
    public Property Release(FunctionWalk walk, CodeLockKind kind, Value released, Property property, MachineState state)
    {
        released = values.Timeless(released);
        ulong same = 0, maybe = 0;
        foreach (Site site in walk.Sites)
        {
            if (property.Holds(site.Id) && site.Routine.Kind == kind)
            {
                Value held = state.Locks.GetValueOrDefault(site.Id, values.Unknown);
                same = held.IsSame(released) ? 1UL << site.Id : same;
                maybe |= MayBeSame(held, released) ? 1UL << site.Id : 0;
            }
        }

        ulong dropped = same != 0 ? same : maybe;
        foreach (Site site in walk.Sites)
        {
            if ((dropped & 1UL << site.Id) != 0)
            {
                state.Locks.Remove(site.Id);
            }
        }

        if (dropped != 0)
        {
            return property.Drop(dropped);
        }

        // What only this function can name is nothing that a caller could be told of.
        int? release = walk.ReleaseOf(new Release(kind, released.Symbols.Length > 0 ? values.Unknown : released));
        return release is { } bit ? property.Free(bit, isFreed: true) : property;
    }

    /// <summary>The bit of a lock of the caller that was released before and is surely the one that is taken now.</summary>
    public int? TakenBack(FunctionWalk walk, CodeLockKind kind, Value taken, Property property)
    {
        for (int i = 0; i < walk.Releases.Count; i++)
        {
            if ((property.Freed & 1UL << i) != 0 && walk.Releases[i].Kind == kind && walk.Releases[i].Lock.IsSame(values.Timeless(taken)))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>
    /// False when two locks are surely not one: other distances from the same start, or a local variable and a global
    /// one.
    /// </summary>
    public bool MayBeSame(Value a, Value b)
    {
        if (a.IsUnknown || b.IsUnknown)
        {
            return true;
        }

        var ((start, m), (otherStart, n)) = (a.Split(), b.Split());
        bool isLocal = values.StackOffset(a) is not null, isOtherLocal = values.StackOffset(b) is not null;
        return ReferenceEquals(start, otherStart) ? m == n : !(isLocal && b.IsNumber) && !(isOtherLocal && a.IsNumber);
    }

    private bool AlwaysAcquires(LockRoutine routine, MachineState state)
    {
        switch (routine.Effect)
        {
            case RoutineEffect.Acquires:
                return true;
            case RoutineEffect.AcquiresIfWaitOrTrue:
                return !IsMaybeZero(state, state[Register.Rdx], 8);
            case RoutineEffect.WaitsForMutex:
                // KeWaitForSingleObject(Object, WaitReason, WaitMode, Alertable, Timeout): for ever, and nothing else ends it.
                Value timeout = state.Memory.Read(values.Add(state.Stack, CallingConvention.FifthArgument), 64);
                return timeout is { IsNumber: true, Number: 0 } && values.Low(state[Register.R9], 8) is { IsNumber: true, Number: 0 };
            default:
                return false;
        }
    }

    private bool IsMaybeZero(MachineState state, Value value, int bits) =>
        value.IsUnknown || state.Facts.Decide(Condition.IsZero(values, value, bits), out bool rests) is not false || rests;

    private IReadOnlyList<CallResult> Take(Site site, ulong at, Value held, bool always, Property property, MachineState state)
    {
        MachineState taken = state.Clone();
        taken.Locks[site.Id] = values.Timeless(held);
        taken.Facts.AssumeNotZero(held.Split().Start ?? held);
        Value result = calls.ResultOf(at);
        bool isWait = site.Routine.Effect == RoutineEffect.WaitsForMutex;
        Condition isTaken = isWait ? Condition.IsZero(values, result, 32) : Condition.IsZero(values, result, 8).Negated;
        if (site.Routine.Effect != RoutineEffect.Acquires)
        {
            taken.Facts.Assume(isTaken, afresh: true);
        }

        if (always)
        {
            return [new CallResult(property.Take(site.Id), taken)];
        }

        state.Facts.Assume(isTaken.Negated, afresh: true);
        return [new CallResult(property.Take(site.Id), taken), new CallResult(property, state)];
    }
}
