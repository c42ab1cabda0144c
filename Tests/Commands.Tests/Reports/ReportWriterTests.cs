using System.Net;
using System.Text.RegularExpressions;
using CsCheck;
using LockLeak.Reports;

namespace LockLeak.Tests.Reports;

/// <summary>DML and plain text are the same text, and no string from the target can become markup.</summary>
[TestClass]
public sealed partial class ReportWriterTests
{
    private static readonly Gen<string> Words = Gen.Frequency(
        (3, Gen.String[Gen.Char[' ', '~'], 0, 20]),
        (1, Gen.OneOf("</link>", "<exec cmd=\".kill\">x</exec>", "&lt;", "\"><b>", "&", "%s%n", "]]>", "<col fg=\"errfg\">", "'")));

    private static readonly Gen<Cell> Cells =
        Gen.Select(Words, Words, Gen.Bool, Gen.Enum<Emphasis>(),
        (text, command, hasCommand, emphasis) => new Cell(text, hasCommand ? command : null, emphasis));

    private static readonly Gen<Cell[][]> Tables = Cells.Array[0, 6].Array[0, 8];

    [TestMethod]
    public void DmlWithoutItsTagsIsThePlainText() =>
        Gen.Select(Tables, Gen.Int[0, 8]).Sample((rows, indent) =>
        {
            var (dml, plain) = (new ReportWriter(dml: true), new ReportWriter(dml: false));
            Write(dml, rows, indent);
            Write(plain, rows, indent);

            Assert.AreEqual(plain.ToString(), WebUtility.HtmlDecode(Tag().Replace(dml.ToString(), "")));
        });

    [TestMethod]
    public void EveryTagIsOneThatTheWriterMade() =>
        Gen.Select(Tables, Gen.Int[0, 8]).Sample((rows, indent) =>
        {
            var dml = new ReportWriter(dml: true);
            Write(dml, rows, indent);

            string[] tags = [.. Tag().Matches(dml.ToString()).Select(match => match.Value)];
            Assert.IsTrue(tags.All(tag => Own().IsMatch(tag)), string.Join(' ', tags));
            Assert.AreEqual(tags.Count(tag => tag.StartsWith("<link", StringComparison.Ordinal)), tags.Count(tag => tag == "</link>"));
            Assert.AreEqual(tags.Count(tag => tag.StartsWith("<col", StringComparison.Ordinal)), tags.Count(tag => tag == "</col>"));
        });

    [TestMethod]
    public void ALinkRunsTheCommandThatItWasGiven() =>
        Words.Sample(command =>
        {
            string dml = new ReportWriter(dml: true).Write(new Cell("x", command)).ToString();
            Assert.AreEqual(command, WebUtility.HtmlDecode(dml["<link cmd=\"".Length..dml.IndexOf("\">x", StringComparison.Ordinal)]));
        });

    [TestMethod]
    public void ColumnsLineUpAtAnyWidth() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 8], Gen.Int[0, 8]).SelectMany(size =>
            Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 30].Array[size.Item1].Array[size.Item2], Gen.Const(size.Item3)))
                .Sample((rows, indent) =>
        {
            var writer = new ReportWriter(dml: false);
            writer.Table(indent, [.. rows.Select(row => (IReadOnlyList<Cell>)[.. row.Select(text => new Cell(text))])]);

            string[] lines = writer.ToString().Split('\n')[..^1];
            int column = indent;
            for (int i = 0; i < rows[0].Length; i++)
            {
                for (int row = 0; row < rows.Length; row++)
                {
                    Assert.AreEqual(rows[row][i], lines[row].Substring(column, rows[row][i].Length));
                }

                column += rows.Max(row => row[i].Length) + 2;
            }
        });

    [TestMethod]
    public void NoLineOfATableEndsInSpaces() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 3].Array[0, 5].Array[0, 6], Gen.Int[0, 4]).Sample((rows, indent) =>
        {
            var writer = new ReportWriter(dml: false);
            writer.Table(indent, [.. rows.Select(row => (IReadOnlyList<Cell>)[.. row.Select(text => new Cell(text))])]);

            Assert.IsTrue(writer.ToString().Split('\n').All(line => line.TrimEnd() == line), writer.ToString());
        });

    private static void Write(ReportWriter writer, Cell[][] rows, int indent)
    {
        writer.Table(indent, rows);
        foreach (Cell cell in rows.SelectMany(row => row))
        {
            writer.Write(cell).Line(cell);
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("""^(<link cmd="[^"<>]*">|</link>|<col fg="(errfg|warnfg|verbfg)">|</col>)$""")]
    private static partial Regex Own();
}
