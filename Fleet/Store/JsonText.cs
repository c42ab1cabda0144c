using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace LockLeak.Fleet.Store;

/// <summary>A parameter that is JSON, for which PostgreSQL wants its own type.</summary>
internal sealed class JsonText(string json) : SqlMapper.ICustomQueryParameter
{
    public void AddParameter(IDbCommand command, string name)
    {
        IDbDataParameter parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, json);
        if (parameter is NpgsqlParameter ofPostgres)
        {
            ofPostgres.NpgsqlDbType = NpgsqlDbType.Jsonb;
        }

        command.Parameters.Add(parameter);
    }
}
