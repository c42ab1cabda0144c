using System.Runtime.Versioning;

// The tests put programs of their own on the PATH, of which the process has one.
[assembly: DoNotParallelize]

// Those programs are shell scripts: tests that need them are left out on Windows.
[assembly: UnsupportedOSPlatform("windows")]
