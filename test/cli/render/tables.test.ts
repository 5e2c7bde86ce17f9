import { describe, expect, it } from "vitest";
import { containerRow } from "../../../cli/render/container-row.ts";
import { compileTemplate, renderRows } from "../../../cli/render/format.ts";
import { LogLineFormatter, shortContainerName } from "../../../cli/render/log-line.ts";
import { displayPorts } from "../../../cli/render/ports.ts";
import { formatAge, formatElapsed, formatSize } from "../../../cli/render/quantity.ts";
import { renderTable } from "../../../cli/render/table.ts";
import { displayWidth, truncate } from "../../../cli/render/text.ts";

describe("renderTable", () => {
  const columns = [
    { title: "NAME", value: (row: { n: string; c: string }) => row.n },
    { title: "COMMAND", value: (row: { n: string; c: string }) => row.c, shrink: 1 },
  ];

  it("aligns columns and leaves no blanks at the end", () => {
    expect(
      renderTable(columns, [
        { n: "app-web-1", c: "sh" },
        { n: "db", c: "postgres" },
      ]),
    ).toBe("NAME        COMMAND\napp-web-1   sh\ndb          postgres\n");
  });

  it("cuts what may be cut when the terminal is narrow", () => {
    const text = renderTable(columns, [{ n: "app-web-1", c: "a very long command line" }], { width: 24 });
    expect(text.split("\n")[1]).toBe("app-web-1   a very long…");
    expect(Math.max(...text.split("\n").map(displayWidth))).toBeLessThanOrEqual(24);
  });

  it("leaves out the column that can be spared when cutting would leave stumps", () => {
    const spared = columns.map((column) => (column.title === "COMMAND" ? { ...column, spare: 1 } : column));
    const rows = [{ n: "app-web-1", c: "a very long command line" }];
    expect(renderTable(spared, rows, { width: 24 })).toBe("NAME\napp-web-1\n");
    expect(renderTable(spared, rows, { width: 40 })).toContain("a very long command line");
  });
});

describe("text", () => {
  it("measures cells, not characters", () => {
    expect(displayWidth("\u001B[31mred\u001B[39m")).toBe(3);
    expect(displayWidth("日本")).toBe(4);
    expect(truncate("日本語", 5)).toBe("日本…");
    expect(displayWidth(truncate("\u001B[31mabcdef\u001B[39m", 4))).toBe(4);
  });
});

describe("quantities", () => {
  it("prints durations, ages and sizes for people", () => {
    expect([0, 340, 59_940, 61_000, 3_725_000].map(formatElapsed)).toEqual([
      "0.0s",
      "0.3s",
      "59.9s",
      "1m 01s",
      "1h 02m",
    ]);
    expect([0, 1, 59, 60, 3600, 7200, 3 * 86_400].map(formatAge)).toEqual([
      "Less than a second",
      "1 second",
      "59 seconds",
      "About a minute",
      "About an hour",
      "2 hours",
      "3 days",
    ]);
    expect([0, 999, 1_984_210, 1e9].map(formatSize)).toEqual(["0B", "999B", "1.98MB", "1GB"]);
  });
});

describe("displayPorts", () => {
  it("joins neighbours and brackets IPv6", () => {
    const port = (IP: string, PrivatePort: number, PublicPort: number) => ({
      IP,
      PrivatePort,
      PublicPort,
      Type: "tcp",
    });
    expect(
      displayPorts([
        port("0.0.0.0", 81, 8081),
        port("0.0.0.0", 80, 8080),
        port("::", 80, 8080),
        { PrivatePort: 9000, Type: "udp" },
      ]),
    ).toBe("0.0.0.0:8080-8081->80-81/tcp, [::]:8080->80/tcp, 9000/udp");
  });
});

describe("containerRow", () => {
  const container = {
    Id: "0123456789abcdef",
    Names: ["/app-web-1"],
    Image: "web",
    ImageID: "sha256:1",
    Command: "sh -c 'a command that is long'",
    Created: 1_700_000_000,
    State: "exited" as const,
    Status: "Exited (137) 2 minutes ago",
    Labels: { "com.docker.compose.project": "app", "com.docker.compose.service": "web" },
    Ports: [],
    Mounts: [],
  };

  it("has the peer's field names and forms", () => {
    expect(containerRow(container, { now: 1_700_000_120_000, full: false })).toMatchObject({
      ID: "0123456789ab",
      Name: "app-web-1",
      Project: "app",
      Service: "web",
      ExitCode: 137,
      Health: "",
      RunningFor: "2 minutes ago",
      Command: '"sh -c \'a command th…"',
    });
    const healthy = { ...container, Status: "Up 3 seconds (health: starting)" };
    expect(containerRow(healthy, { now: 0, full: true }).Health).toBe("starting");
  });
});

describe("formats", () => {
  const rows = [{ Name: "web", Size: 3 }];
  const options = {
    columns: [{ title: "NAME", value: (row: { Name: string }) => row.Name }],
    json: "lines" as const,
  };

  it("knows tables, JSON and templates", () => {
    expect(renderRows(rows, { ...options, format: "" })).toBe("NAME\nweb\n");
    expect(renderRows(rows, { ...options, format: "json" })).toBe('{"Name":"web","Size":3}\n');
    expect(renderRows(rows, { ...options, format: "{{.Name}} has {{ .Size }}" })).toBe("web has 3\n");
    expect(renderRows(rows, { ...options, format: "table {{.Name}}\\t{{upper .Name}}" })).toBe(
      "NAME   NAME\nweb    WEB\n",
    );
    expect(renderRows(rows, { ...options, format: "{{json .}}" })).toBe('{"Name":"web","Size":3}\n');
  });

  it("says which fields there are", () => {
    const row = { Name: "web server", Labels: "a.b=1,2,c=3" };
    expect(compileTemplate('{{.Label "a.b"}} {{.Label "c"}}{{.Label "d"}}')(row)).toBe("1,2 3");
    expect(compileTemplate("{{.Name | truncate 3 | upper}} {{title .Name}}")(row)).toBe("WEB Web Server");
    expect(compileTemplate("{{truncate .Name 3}}")(row)).toBe("web");
    expect(() => compileTemplate("{{.Nope}}")({ Name: "web" })).toThrow(/\.Nope/);
    expect(() => compileTemplate("{{range .}}")).toThrow(/not known/);
  });
});

describe("LogLineFormatter", () => {
  it("lines up prefixes of announced containers", () => {
    const formatter = new LogLineFormatter({ prefix: true, timestamps: true, paint: () => (text) => text });
    formatter.announce(["db-1", "backend-1"]);
    expect(formatter.format("db", "db-1", "hello", "T0")).toBe("db-1       | T0 hello\n");
    expect(formatter.format("backend", "backend-1", "hi")).toBe("backend-1  | hi\n");
  });

  it("shortens names that follow the pattern", () => {
    expect(shortContainerName("app", "app-web-1")).toBe("web-1");
    expect(shortContainerName("app", "custom")).toBe("custom");
  });
});
