namespace LockLeak.Host;

/// <summary>A PDB that was asked for and not had.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Pdb">The file; null when it is not known.</param>
/// <param name="Key">What tells builds of it apart on a symbol server.</param>
/// <param name="Reason">Why it was not had.</param>
internal sealed record MissingPdb(string Module, string? Pdb, string? Key, string Reason);
