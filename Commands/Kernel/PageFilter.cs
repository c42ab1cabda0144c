namespace LockLeak.Kernel;

/// <summary>Tells of most pages that they are not in a set, without a look-up: each bit stands for every 4096th page.</summary>
internal sealed class PageFilter
{
    private const int BitsInWord = 64, Words = 64;

    private readonly ulong[] bits = new ulong[Words];

    /// <summary>Takes a page in.</summary>
    public void Add(ulong page) => bits[WordOf(page)] |= BitOf(page);

    /// <summary>False only for a page that is not in the set.</summary>
    public bool MayHave(ulong page) => (bits[WordOf(page)] & BitOf(page)) != 0;

    private static int WordOf(ulong page) => (int)(page / BitsInWord % Words);

    private static ulong BitOf(ulong page) => 1UL << (int)(page % BitsInWord);
}
