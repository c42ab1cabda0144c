using System.Text;

namespace LockLeak.Reports;

/// <summary>How a piece of text matters. DML has a colour class for each; plain text has none.</summary>
internal enum Emphasis
{
    /// <summary>As any other text.</summary>
    None,

    /// <summary>Certainly wrong (the debugger's error colour).</summary>
    Wrong,

    /// <summary>Perhaps wrong (warning colour).</summary>
    Doubtful,

    /// <summary>Of less interest (the colour of verbose output).</summary>
    Quiet,
}

/// <summary>A piece of text with the debugger command that it leads to.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Command">What a click runs; null for plain text.</param>
/// <param name="Emphasis">How it matters.</param>
internal readonly record struct Cell(string Text, string? Command = null, Emphasis Emphasis = Emphasis.None)
{
    /// <summary>Plain text.</summary>
    public static implicit operator Cell(string text) => new(text);

    /// <summary>Plain text.</summary>
    public static Cell FromString(string text) => new(text);
}

/// <summary>Collects a report's text, as DML or plain; the layout is the same in both.</summary>
/// <param name="dml">True for DML.</param>
internal sealed class ReportWriter(bool dml)
{
    private readonly StringBuilder text = new();

    /// <summary>True when links are written.</summary>
    public bool IsDml => dml;

    /// <summary>Adds text to the line.</summary>
    public ReportWriter Write(Cell cell)
    {
        if (!dml)
        {
            text.Append(cell.Text);
            return this;
        }

        // Classes of the debugger's own colours (DML reference): they follow the user's theme.
        string? colour = cell.Emphasis switch
        {
            Emphasis.Wrong => "errfg",
            Emphasis.Doubtful => "warnfg",
            Emphasis.Quiet => "verbfg",
            _ => null,
        };
        if (colour is not null)
        {
            text.Append("<col fg=\"").Append(colour).Append("\">");
        }

        if (cell.Command is null)
        {
            Escape(cell.Text);
        }
        else
        {
            text.Append("<link cmd=\"");
            Escape(cell.Command);
            text.Append("\">");
            Escape(cell.Text);
            text.Append("</link>");
        }

        if (colour is not null)
        {
            text.Append("</col>");
        }

        return this;
    }

    /// <summary>Ends the line.</summary>
    public ReportWriter Line()
    {
        text.Append('\n');
        return this;
    }

    /// <summary>Adds text and ends the line.</summary>
    public ReportWriter Line(Cell cell) => Write(cell).Line();

    /// <summary>Writes rows so that their columns line up; the last column is not padded.</summary>
    /// <param name="indent">Spaces before each row.</param>
    /// <param name="rows">The rows; shorter ones end early.</param>
    public void Table(int indent, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        int columns = rows.Count == 0 ? 0 : rows.Max(row => row.Count);
        var widths = new int[columns];
        foreach (IReadOnlyList<Cell> row in rows)
        {
            for (int i = 0; i < row.Count; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Text.Length);
            }
        }

        foreach (IReadOnlyList<Cell> row in rows)
        {
            int last = row.Count - 1;
            while (last >= 0 && row[last].Text.Length == 0)
            {
                last--;
            }

            text.Append(' ', last < 0 ? 0 : indent);
            for (int i = 0; i <= last; i++)
            {
                Write(row[i]);
                if (i < last)
                {
                    text.Append(' ', widths[i] - row[i].Text.Length + (widths[i] == 0 ? 0 : 2));
                }
            }

            Line();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private void Escape(string plain)
    {
        foreach (char c in plain)
        {
            _ = c switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' => text.Append("&quot;"),
                _ => text.Append(c),
            };
        }
    }
}
