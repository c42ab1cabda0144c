using System.Data;
using System.Globalization;
using Dapper;

namespace LockLeak.Fleet.Store;

/// <summary>Points in time, in UTC. PostgreSQL has a type for them, SQLite keeps them as text.</summary>
internal sealed class Times : SqlMapper.TypeHandler<DateTime>
{
    /// <summary>Makes Dapper use it.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTime));
        SqlMapper.RemoveTypeMap(typeof(DateTime?));
        SqlMapper.AddTypeHandler(new Times());
    }

    public override void SetValue(IDbDataParameter parameter, DateTime value) =>
        parameter.Value = parameter is Npgsql.NpgsqlParameter
            ? value.ToUniversalTime() : value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public override DateTime Parse(object value) =>
        value is DateTime time ? time.ToUniversalTime()
            : DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
