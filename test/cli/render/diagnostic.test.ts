import { describe, expect, it } from "vitest";
import { renderDiagnostics } from "../../../cli/render/diagnostic.ts";
import { displayWidth, stripAnsi } from "../../../cli/render/text.ts";
import type { Diagnostic, SourceFile, SourceRange } from "../../../schema/diagnostic.ts";

const TEXT = `services:
  web:
    imge: nginx
    networks: [bakc]
networks:
  back:
`;
const SOURCE: SourceFile = { path: "/work/app/compose.yaml", text: TEXT };

function rangeOf(needle: string, source = SOURCE): SourceRange {
  const start = source.text.indexOf(needle);
  return { file: source.path, start, end: start + needle.length };
}

function render(diagnostics: readonly Diagnostic[], width = 80, source = SOURCE, color = false): string {
  return renderDiagnostics(diagnostics, [source], { color, width, cwd: "/work/app" });
}

const UNKNOWN: Diagnostic = {
  severity: "error",
  code: "unknown-key",
  message: 'services.web: unknown key "imge"',
  range: rangeOf("imge"),
  hint: 'did you mean "image"?',
};
const UNDEFINED: Diagnostic = {
  severity: "warning",
  code: "undefined-network",
  message: 'service "web" uses network "bakc", which is not defined',
  range: rangeOf("bakc"),
  related: [{ message: "a near name", range: rangeOf("back") }],
};

describe("renderDiagnostics", () => {
  it("shows what, where and what to do", () => {
    expect(render([UNKNOWN])).toBe(
      [
        'error[unknown-key]: services.web: unknown key "imge"',
        "   --> compose.yaml:3:5",
        "    |",
        "  3 |     imge: nginx",
        "    |     ^^^^",
        '    = hint: did you mean "image"?',
      ].join("\n"),
    );
  });

  it("shows related places, and counts", () => {
    expect(render([UNDEFINED, UNKNOWN])).toBe(
      [
        'error[unknown-key]: services.web: unknown key "imge"',
        "   --> compose.yaml:3:5",
        "    |",
        "  3 |     imge: nginx",
        "    |     ^^^^",
        '    = hint: did you mean "image"?',
        "",
        'warning[undefined-network]: service "web" uses network "bakc", which is not',
        "    defined",
        "   --> compose.yaml:4:16",
        "    |",
        "  4 |     networks: [bakc]",
        "    |                ^^^^",
        "   ::: compose.yaml:6:3: a near name",
        "    |",
        "  6 |   back:",
        "    |   ----",
        "",
        "1 error, 1 warning",
      ].join("\n"),
    );
  });

  it("says it without a frame where there is no text", () => {
    const missing: Diagnostic = {
      severity: "error",
      code: "file-not-found",
      message: "no such file: x.yaml",
      hint: "check the name",
    };
    expect(render([missing])).toBe("error[file-not-found]: no such file: x.yaml\nhint: check the name");
    const elsewhere = { ...UNKNOWN, range: { file: "/other/deep/place/x.yaml", start: 0, end: 1 } };
    expect(render([elsewhere]).split("\n")[1]).toBe("   --> /other/deep/place/x.yaml");
  });

  it("names standard input", () => {
    const source = { path: "-", text: TEXT };
    expect(render([{ ...UNKNOWN, range: rangeOf("imge", source) }], 80, source)).toContain("--> <stdin>:3:5");
  });

  it("lines up below tabs and wide characters", () => {
    const source = { path: "/work/app/compose.yaml", text: "a:\t\u6f22\u5b57: bad\n" };
    expect(
      render([{ ...UNKNOWN, range: rangeOf("bad", source) }], 80, source)
        .split("\n")
        .slice(3, 5),
    ).toEqual(["  1 | a:    \u6f22\u5b57: bad", "    |             ^^^"]);
    expect(render([{ ...UNKNOWN, range: rangeOf("\u6f22\u5b57", source) }], 80, source).split("\n")[4]).toBe(
      "    |       ^^^^",
    );
  });

  it("marks the first line of a longer place, and one cell of an empty one", () => {
    const long = { ...UNKNOWN, range: { file: SOURCE.path, start: TEXT.indexOf("imge"), end: TEXT.length } };
    expect(render([long]).split("\n").slice(3, 5)).toEqual([
      "  3 |     imge: nginx",
      "    |     ^^^^^^^^^^^",
    ]);
    const end = { ...UNKNOWN, range: { file: SOURCE.path, start: TEXT.length, end: TEXT.length } };
    expect(render([end]).split("\n").slice(3, 5)).toEqual(["  7 |", "    | ^"]);
  });

  it("keeps to the width, with the place in view", () => {
    const long = `key: ${"x".repeat(200)} HERE ${"y".repeat(200)}\n`;
    const source = { path: "/work/app/compose.yaml", text: long };
    for (const width of [40, 60, 80, 120]) {
      const lines = render([{ ...UNKNOWN, range: rangeOf("HERE", source) }], width, source).split("\n");
      const at = lines.findIndex((line) => line.includes("HERE"));
      expect(lines[at + 1]?.indexOf("^")).toBe(lines[at]?.indexOf("HERE"));
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it("cuts a place that is wider than the terminal", () => {
    const source = { path: "/work/app/compose.yaml", text: `key: ${"x".repeat(300)}\n` };
    const lines = render([{ ...UNKNOWN, range: rangeOf("x".repeat(300), source) }], 60, source).split("\n");
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it("does not let a file steer the terminal", () => {
    const source = { path: "/work/app/compose.yaml", text: "a: \u001B[31m\u202Ebad\n" };
    expect(render([{ ...UNKNOWN, range: rangeOf("bad", source) }], 80, source)).not.toMatch(/[\u001B\u202E]/);
  });

  it("is the same text with colour", () => {
    const plain = render([UNKNOWN, UNDEFINED]);
    const colored = render([UNKNOWN, UNDEFINED], 80, SOURCE, true);
    expect(colored).not.toBe(plain);
    expect(stripAnsi(colored)).toBe(plain);
  });

  it("copes with Windows line ends", () => {
    const source = { path: "/work/app/compose.yaml", text: TEXT.replaceAll("\n", "\r\n") };
    expect(render([{ ...UNKNOWN, range: rangeOf("imge", source) }], 80, source)).toBe(render([UNKNOWN]));
  });

  it("shows errors first where there are too many", () => {
    const many = [...Array.from({ length: 5 }, () => UNDEFINED), UNKNOWN];
    const text = renderDiagnostics(many, [SOURCE], { color: false, width: 80, cwd: "/", limit: 2 });
    expect(text).toContain("unknown-key");
    expect(text.endsWith("1 error, 5 warnings (4 not shown)")).toBe(true);
  });
});
