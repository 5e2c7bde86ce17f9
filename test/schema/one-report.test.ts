import { describe, expect, it } from "vitest";
import { load } from "../../schema/load.ts";

function codes(text: string): string[] {
  const result = load({
    files: {
      read: (path) => (path === "/p/compose.yaml" ? { kind: "text", text } : { kind: "missing" }),
      stat: (path) => (path === "/p/compose.yaml" ? "file" : path === "/p" ? "directory" : "missing"),
      realpath: (path) => path,
    },
    cwd: "/p",
    home: "/h",
    env: {},
    configFiles: ["/p/compose.yaml"],
  });
  return result.diagnostics.map((d) => d.code);
}

describe("one mistake is reported once", () => {
  it.each([
    ["a wrong type", "services: { web: { image: x, ports: 80 } }", ["wrong-type"]],
    ["a number for a duration", "services: { web: { image: x, stop_grace_period: 5 } }", ["wrong-type"]],
    ["a misspelt image", "services: { web: { imge: x } }", ["unknown-key"]],
    ["a bad duration", "services: { web: { image: x, stop_grace_period: 5 minutes } }", ["invalid-value"]],
    [
      "a port that older readers misread",
      "services: { web: { image: x, ports: [22:22] } }",
      ["unquoted-port"],
    ],
    ["a port in quotes", 'services: { web: { image: x, ports: ["22:22"] } }', []],
    [
      "a base that cannot be read",
      "services: { web: { extends: { file: gone.yaml, service: x }, ports: [x] } }",
      ["file-not-found", "invalid-port"],
    ],
    [
      "two services with the same mistake",
      "services: { a: { imge: x }, b: { imge: x } }",
      ["unknown-key", "unknown-key"],
    ],
  ])("%s", (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
});
