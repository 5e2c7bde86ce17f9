import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fixProblems } from "../../../schema/lint/fix.ts";
import { lint, type LintProblem } from "../../../schema/lint/lint.ts";
import { LINT_RULES } from "../../../schema/lint/rules.ts";
import { load } from "../../../schema/load.ts";
import type { LoadResult } from "../../../schema/model.ts";

const FILE = "/p/compose.yaml";

function loadText(text: string): LoadResult {
  return load({
    files: {
      read: (path) => (path === FILE ? { kind: "text", text } : { kind: "missing" }),
      stat: (path) => (path === FILE ? "file" : path === "/p" ? "directory" : "missing"),
      realpath: (path) => path,
    },
    cwd: "/p",
    home: "/h",
    env: {},
    configFiles: [FILE],
  });
}

function problems(text: string): LintProblem[] {
  return lint(loadText(text));
}

function codes(text: string): string[] {
  return problems(text).map((problem) => `${problem.severity} ${problem.code}`);
}

function fixed(text: string): string {
  const loaded = loadText(text);
  const sources = loaded.ok ? loaded.stack.sources : loaded.sources;
  return fixProblems(sources, lint(loaded))[0]?.text ?? text;
}

const service = (lines: string): string => `services:\n  web:\n    image: nginx:1.27\n${lines}`;

describe("rules", () => {
  it.each([
    ["a sound file", service('    ports:\n      - "80:80"\n'), []],
    ["an obsolete version", `version: "3"\n${service("")}`, ["warning obsolete-version"]],
    [
      "a port without quotes",
      service("    ports:\n      - 80:80\n      - 22:22\n      - 8080\n"),
      ["warning unquoted-port", "warning unquoted-port"],
    ],
    [
      "an image without a tag",
      "services:\n  web:\n    image: registry:5000/nginx\n",
      ["warning unpinned-image"],
    ],
    ["the newest image", "services:\n  web:\n    image: nginx:latest\n", ["warning unpinned-image"]],
    [
      "a pinned image",
      "services:\n  web:\n    image: nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
      [],
    ],
    [
      "a password",
      service("    environment:\n      DB_PASSWORD: hunter2\n      A: b\n"),
      ["warning plain-secret"],
    ],
    ["a password in a list", service("    environment:\n      - API_KEY=abc\n"), ["warning plain-secret"]],
    [
      "a password from elsewhere",
      service(
        "    environment:\n      A_PASSWORD: $${X}\n      B_PASSWORD_FILE: /run/secrets/b\n      C_TOKEN:\n",
      ),
      [],
    ],
    ["a privileged container", service("    privileged: true\n"), ["warning privileged-container"]],
    [
      "the engine's socket",
      service("    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n"),
      ["warning docker-socket"],
    ],
    ["an open database", service('    ports:\n      - "5432:5432"\n'), ["info database-port"]],
    ["a database for this machine", service('    ports:\n      - "127.0.0.1:5432:5432"\n'), []],
    ["a fixed name", service("    container_name: web\n"), ["info fixed-container-name"]],
    ["links", service("    links:\n      - db\n  db:\n    image: x:1\n"), ["info legacy-links"]],
    [
      "something unused",
      `${service("")}networks:\n  back:\nvolumes:\n  data:\n`,
      ["info unused-resource", "info unused-resource"],
    ],
    [
      "something a profile uses",
      service("    profiles: [x]\n    volumes:\n      - data:/d\n  a:\n    image: x:1\nvolumes:\n  data:\n"),
      [],
    ],
    [
      "a dependency that is not waited for",
      service("    depends_on: [db]\n  db:\n    image: x:1\n    healthcheck:\n      test: ok\n"),
      ["info weak-dependency"],
    ],
    [
      "both forms",
      service("    environment:\n      A: b\n  b:\n    image: x:1\n    environment:\n      - A=b\n"),
      ["info consistent-maps"],
    ],
  ])("%s", (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it("point at the exact text", () => {
    const text = service("    ports:\n      - 22:22\n");
    const [problem] = problems(text);
    expect(text.slice(problem?.range?.start, problem?.range?.end)).toBe("22:22");
  });

  it("are all described, with a code of their own", () => {
    expect(new Set(LINT_RULES.map((rule) => rule.code)).size).toBe(LINT_RULES.length);
    for (const rule of LINT_RULES) {
      expect(rule.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(rule.summary).toMatch(/\.$/);
      expect(rule.explanation.length).toBeGreaterThan(60);
    }
  });

  it("run on a file that does not load, beside its errors", () => {
    const found = codes("version: '3'\nservices:\n  web:\n    imge: x\n    ports:\n      - 22:22\n");
    expect(found).toContain("warning unquoted-port");
    expect(found).toContain("error unknown-key");
  });
});

describe("comments that silence", () => {
  it.each([
    [
      "the next line",
      "services:\n  web:\n    # tcompose-lint-disable-next-line unpinned-image\n    image: nginx\n",
      [],
    ],
    [
      "the same line",
      "services:\n  web:\n    image: nginx # tcompose-lint-disable-line unpinned-image -- for the demo\n",
      [],
    ],
    [
      "the whole file",
      "services:\n  web:\n    image: nginx\n# tcompose-lint-disable unpinned-image, unused-resource\nnetworks:\n  n:\n",
      [],
    ],
    ["everything", "# tcompose-lint-disable\nversion: '3'\nservices:\n  web:\n    image: nginx\n", []],
    [
      "another code only",
      "services:\n  web:\n    # tcompose-lint-disable-next-line plain-secret\n    image: nginx\n",
      ["warning unpinned-image"],
    ],
    [
      "a misspelt code",
      "services:\n  web:\n    # tcompose-lint-disable-next-line unpined-image\n    image: nginx\n",
      ["warning unknown-lint-code", "warning unpinned-image"],
    ],
    [
      "no errors",
      "# tcompose-lint-disable\nservices:\n  web:\n    imge: nginx\n    image: a:1\n",
      ["error unknown-key"],
    ],
  ])("%s", (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
});

describe("fixes", () => {
  it("remove the version with its line, and nothing else", () => {
    expect(fixed(`# top\nversion: "3.8" # old\n\n${service("")}`)).toBe(`# top\n${service("")}`);
    expect(fixed(`${service("")}version: '3'`)).toBe(service(""));
  });

  it("leave a version inside braces to a person", () => {
    const text = '{ version: "3", services: { web: { image: "a:1" } } }\n';
    expect(fixed(text)).toBe(text);
  });

  it("put ports in quotes and keep comments", () => {
    expect(fixed(service("    ports: # all\n      -   80:80   # http\n      - 443:443/tcp\n"))).toBe(
      service('    ports: # all\n      -   "80:80"   # http\n      - "443:443/tcp"\n'),
    );
  });

  const mixed = (list: string): string =>
    `services:\n  a:\n    image: a:1\n    environment:\n      X: y\n  b:\n    image: b:1\n${list}`;

  it("turn lists into mappings with the same meaning", () => {
    const before = mixed(
      '    environment:\n      # first\n      - A=b # why\n      - B=1.10\n      - "C=a: b"\n      - D\n      - E=\n      - F=yes\n      - G=$${X}\n      - H=a=b\n',
    );
    const after = fixed(before);
    expect(after).toBe(
      mixed(
        '    environment:\n      # first\n      A: b # why\n      B: "1.10"\n      C: "a: b"\n      D:\n      E: ""\n      F: "yes"\n      G: $${X}\n      H: a=b\n',
      ),
    );
    expect(environmentOf(after)).toEqual(environmentOf(before));
  });

  it("indent a list that stands below its key", () => {
    const before = mixed("    environment:\n    - A=b\n    - C=d\n    user: me\n");
    const after = fixed(before);
    expect(after).toBe(mixed("    environment:\n      A: b\n      C: d\n    user: me\n"));
    expect(environmentOf(after)).toEqual(environmentOf(before));
  });

  it.each([
    ["a name given twice", "    environment:\n      - A=1\n      - A=2\n"],
    ["a list in brackets", "    environment: [A=1]\n"],
    ["an anchor", "    environment: &env\n      - A=1\n"],
    ["text over several lines", "    environment:\n      - |\n        A=1\n"],
  ])("leave %s to a person", (_name, list) => {
    expect(fixed(mixed(list))).toBe(mixed(list));
  });

  it("settle after one run", () => {
    const text = `version: "3"\n${mixed("    environment:\n      - A=1\n    ports:\n      - 80:80\n")}`;
    const once = fixed(text);
    expect(fixed(once)).toBe(once);
    expect(() => parse(once) as unknown).not.toThrow();
  });
});

function environmentOf(text: string): unknown {
  const loaded = loadText(text);
  return loaded.ok ? loaded.stack.services["b"]?.environment : loaded.diagnostics;
}
