using System.Text.Json;
using KernelImages;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Reports;

/// <summary>What an answer says of the machine: what the machine tells of itself, and nothing where it does not.</summary>
[TestClass]
public sealed class TargetReportTests
{
    private const ulong SharedUserData = 0xfffff780_00000000;

    public static IEnumerable<string> Builds => KernelTypes.Builds;

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AMachineTellsWhatItIs(string build)
    {
        JsonElement target = Target(Tests.Machines.Target("machine-name", build));
        Assert.AreEqual("2024-02-29T23:59:59.999Z", target.GetProperty("stopTime").GetString());
        Assert.AreEqual(61.5 * 86_400_000, target.GetProperty("uptimeMilliseconds").GetInt64());
        Assert.AreEqual(6, target.GetProperty("processors").GetInt32());
        Version version = KernelTypes.Load(build).Version;
        Assert.AreEqual($"{version.Build}.{version.Revision}", target.GetProperty("revision").GetString());
        Assert.AreEqual("full", target.GetProperty("dump").GetString());
        StringAssert.StartsWith(target.GetProperty("lab").GetString(), $"{KernelTypes.Load(build).Build}.synthetic.");
    }

    [TestMethod]
    public void TheFirstLineSaysItToPeople() => StringAssert.StartsWith(
        Session.Run(Tests.Machines.Target("machine-name"), "!lockleak").Output,
        "BUILD07, Windows 22621.382 (22621.synthetic.amd64fre.240101-0000), 6 processors, up 61d12h, stopped 2024-02-29 23:59:59 UTC, " +
            "full dump\n");

    [TestMethod]
    public void ALiveMachineHasNotStopped()
    {
        string output = Session.Run(new InMemoryTarget(Tests.Machines.Kernel("machine-name")) { IsLive = true }, "!lockleak").Output;
        StringAssert.Contains(output.Split('\n')[0], "up 61d12h, at 2024-02-29 23:59:59 UTC, live");
    }

    [TestMethod]
    public void WhatCannotBeReadIsNotInvented()
    {
        InMemoryTarget machine = Tests.Machines.Target("machine-name");
        ulong lab = machine.Kernel.Modules.Kernel("NtBuildLab"), name = machine.Kernel.Modules.Resolve("srv!SrvComputerName");
        machine.Unreadable.Add((SharedUserData, SharedUserData + 0x1000));
        machine.Unreadable.Add((lab, lab + 1));
        machine.Unreadable.Add((machine.Kernel.Scenario.KernelBase, machine.Kernel.Scenario.KernelBase + 1));
        machine.Unreadable.Add((name, name + 1));
        JsonElement target = Target(machine);
        foreach (string property in (string[])["lab", "machine", "stopTime", "uptimeMilliseconds", "revision"])
        {
            Assert.AreEqual(JsonValueKind.Null, target.GetProperty(property).ValueKind, property);
        }

        StringAssert.StartsWith(Session.Run(machine, "!lockleak").Output, "Windows 22621, 6 processors, full dump\n");
    }

    /// <summary>Each byte of the kernel's resources may be anything: there is an answer, and no revision that is not there.</summary>
    [TestMethod]
    public void DamagedResourcesAreNoTrouble()
    {
        var kernel = Tests.Machines.Fresh("machine-name");
        ulong start = kernel.Scenario.KernelBase, resources = start + 0x800;
        byte[] right = new byte[0xe0];
        kernel.Memory.Read(resources, right);
        for (int at = 0; at < right.Length; at++)
        {
            foreach (byte wrong in (byte[])[0, 0x7f, 0xff])
            {
                kernel.Memory.Write(resources + (ulong)at, [wrong]);
                string? revision = ImageVersion.BuildAndRevision(new KernelMemory(new InMemoryTarget(kernel)), start);
                // The number itself is not proved by anything.
                Assert.IsTrue(revision is null or "22621.382" || at is >= 0xb4 and < 0xb8, $"{at:x}: {revision}");
                kernel.Memory.Write(resources + (ulong)at, [right[at]]);
            }
        }
    }

    /// <summary>A time whose halves do not belong together, one beyond all dates, and a lab that is none.</summary>
    [TestMethod]
    public void GarbageIsNoTimeAndNoLab()
    {
        var kernel = Tests.Machines.Fresh("machine-name");
        kernel.Typed.Set("_KUSER_SHARED_DATA", SharedUserData, "SystemTime.High2Time", 0x1234);
        kernel.Typed.Set("_KUSER_SHARED_DATA", SharedUserData, "InterruptTime.High1Time", uint.MaxValue);
        kernel.Typed.Set("_KUSER_SHARED_DATA", SharedUserData, "InterruptTime.High2Time", uint.MaxValue);
        kernel.Memory.Write(kernel.Modules.Kernel("NtBuildLab"), "\u001b[31mHa!"u8);
        JsonElement target = Target(new InMemoryTarget(kernel));
        foreach (string property in (string[])["lab", "stopTime", "uptimeMilliseconds"])
        {
            Assert.AreEqual(JsonValueKind.Null, target.GetProperty(property).ValueKind, property);
        }
    }

    private static JsonElement Target(InMemoryTarget machine) => Session.Run(machine, "!lockleak -json").Json.GetProperty("target");
}
