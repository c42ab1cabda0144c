namespace KernelImages.Kernel;

/// <summary>An executable image as the loader lays it out in memory.</summary>
/// <param name="Module">The module it is: "nt", "TestDriver".</param>
/// <param name="Size">SizeOfImage.</param>
/// <param name="TimeDateStamp">Of its file header.</param>
/// <param name="CheckSum">Of its optional header.</param>
/// <param name="Pages">Its pages that are not all zero, by RVA.</param>
public sealed record ModuleImage(string Module, uint Size, uint TimeDateStamp, uint CheckSum, IReadOnlyDictionary<uint, byte[]> Pages);
