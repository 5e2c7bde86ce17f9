import { describe, expect, it } from "vitest";
import { diagnosticsToJson, diagnosticsToSarif } from "../../../cli/render/diagnostic-json.ts";
import type { Diagnostic, SourceFile } from "../../../schema/diagnostic.ts";

const sources: SourceFile[] = [
  { path: "/work/my app/compose.yaml", text: "services:\n  web:\n    imge: x\n" },
];
const diagnostics: Diagnostic[] = [
  {
    severity: "error",
    code: "unknown-key",
    message: 'unknown key "imge"',
    path: "services.web.imge",
    range: { file: "/work/my app/compose.yaml", start: 21, end: 25 },
    related: [{ message: "here", range: { file: "/work/my app/compose.yaml", start: 12, end: 15 } }],
    hint: 'did you mean "image"?',
  },
  { severity: "warning", code: "unset-variable", message: "A is not set" },
];

describe("diagnosticsToJson", () => {
  it("gives lines and columns", () => {
    expect(diagnosticsToJson(diagnostics, sources)).toEqual([
      {
        severity: "error",
        code: "unknown-key",
        message: 'unknown key "imge"',
        path: "services.web.imge",
        place: {
          file: "/work/my app/compose.yaml",
          start: { line: 3, column: 5 },
          end: { line: 3, column: 9 },
        },
        related: [
          {
            message: "here",
            file: "/work/my app/compose.yaml",
            start: { line: 2, column: 3 },
            end: { line: 2, column: 6 },
          },
        ],
        hint: 'did you mean "image"?',
      },
      { severity: "warning", code: "unset-variable", message: "A is not set" },
    ]);
  });
});

describe("diagnosticsToSarif", () => {
  it("is a run of results with places relative to the current directory", () => {
    const log = diagnosticsToSarif(diagnostics, sources, {
      version: "1.2.3",
      cwd: "/work",
      descriptions: { "unknown-key": "A key that the format does not know." },
    });
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "tcompose",
              version: "1.2.3",
              rules: [
                { id: "unknown-key", shortDescription: { text: "A key that the format does not know." } },
                { id: "unset-variable" },
              ],
            },
          },
          originalUriBaseIds: { SRCROOT: { uri: "file:///work/" } },
          results: [
            {
              ruleId: "unknown-key",
              ruleIndex: 0,
              level: "error",
              message: { text: 'unknown key "imge" (did you mean "image"?)' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "my%20app/compose.yaml", uriBaseId: "SRCROOT" },
                    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
                  },
                  logicalLocations: [{ fullyQualifiedName: "services.web.imge" }],
                },
              ],
              relatedLocations: [{ id: 0, message: { text: "here" } }],
            },
            { ruleId: "unset-variable", ruleIndex: 1, level: "warning", locations: [] },
          ],
        },
      ],
    });
  });

  it("gives files elsewhere as absolute addresses", () => {
    const log = JSON.stringify(diagnosticsToSarif(diagnostics, sources, { version: "1", cwd: "/home/me" }));
    expect(log).toContain('"uri":"file:///work/my%20app/compose.yaml"');
  });
});
