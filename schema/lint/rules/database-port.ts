import type { LintRule } from "../rule.ts";

const DATABASES: ReadonlyMap<number, string> = new Map([
  [1433, "SQL Server"],
  [1521, "Oracle"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
  [6379, "Redis"],
  [9042, "Cassandra"],
  [9200, "Elasticsearch"],
  [11211, "Memcached"],
  [27017, "MongoDB"],
]);

export const databasePort: LintRule = {
  code: "database-port",
  severity: "info",
  summary: "Databases are not published on all addresses.",
  explanation:
    "A published port without an address can be reached from the whole network, and the engine's rules come before those of most host firewalls. Other services reach the database over their network without publishing; for tools on this machine bind it to 127.0.0.1.",
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      for (const [index, port] of (service.ports ?? []).entries()) {
        const database = DATABASES.get(port.target);
        const isOpen = (port.host_ip ?? "") === "" || port.host_ip === "0.0.0.0" || port.host_ip === "::";
        if (database === undefined || port.published === undefined || !isOpen) continue;
        const range = stack.locate(["services", name, "ports", index]);
        if (range === undefined) continue;
        yield {
          message: `port ${port.target} (${database}) of service "${name}" is published on all addresses`,
          range,
          path: `services.${name}.ports[${index}]`,
          hint: `write "127.0.0.1:${port.published}:${port.target}"`,
        };
      }
    }
  },
};
