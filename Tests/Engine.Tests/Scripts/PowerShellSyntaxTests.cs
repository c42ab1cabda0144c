using System.Management.Automation.Language;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>All PowerShell scripts of the repository are written for the PowerShell that Windows brings, 5.1.</summary>
[TestClass]
public class PowerShellSyntaxTests
{
    private static IEnumerable<string> UsersScripts =>
        Directory.GetFiles(Repository.Path("Scripts"), "*.ps1").Select(path => Path.GetRelativePath(Repository.Root, path));

    private static IEnumerable<string> Scripts => UsersScripts.Prepend("build.ps1");

    [TestMethod]
    [DynamicData(nameof(Scripts))]
    public void ParsesWithoutWhatCameAfterVersion5(string script)
    {
        ScriptBlockAst parsed = Parser.ParseFile(Repository.Path(script), out _, out ParseError[] errors);

        Assert.IsEmpty(errors.Select(error => $"{error.Extent.StartLineNumber}: {error.Message}"));
        Assert.IsEmpty(parsed.FindAll(IsNew, searchNestedScriptBlocks: true)
            .Select(found => $"{found.Extent.StartLineNumber}: {found.Extent.Text}"));
    }

    [TestMethod]
    [DynamicData(nameof(UsersScripts))]
    public void GetHelpShowsWhatItIsForAndHowItIsCalled(string script)
    {
        CommentHelpInfo? help = Parser.ParseFile(Repository.Path(script), out _, out _).GetHelpContent();

        Assert.IsNotNull(help);
        Assert.IsGreaterThan(20, help.Synopsis.Trim().Length);
        Assert.IsNotEmpty(help.Examples);
    }

    // Chains with && and ||, a ? b : c, a ?? b, a ??= b, ${a}?.b: since version 7.
    private static bool IsNew(Ast part) => part switch
    {
        PipelineChainAst or TernaryExpressionAst => true,
        BinaryExpressionAst operation => operation.Operator == TokenKind.QuestionQuestion,
        AssignmentStatementAst assignment => assignment.Operator == TokenKind.QuestionQuestionEquals,
        MemberExpressionAst member => member.NullConditional,
        _ => false,
    };
}
