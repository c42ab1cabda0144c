namespace LockLeak.Tests;
[TestClass] public sealed class T { [TestMethod] public void X() => Assert.AreEqual(4, int.Parse("4", System.Globalization.CultureInfo.InvariantCulture)); }
