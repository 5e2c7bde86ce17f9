import { describe, expect, it } from "vitest";
import { palette } from "../../../cli/render/color.ts";
import { renderDockerfileWarnings } from "../../../cli/render/dockerfile-warnings.ts";

describe("warnings about a Dockerfile", () => {
  it("name the rule, the line and where to read more", () => {
    const location = { file: "/app/Dockerfile", line: 2, text: "MAINTAINER x" };
    const warning = { rule: "MaintainerDeprecated", message: "use a label", url: "https://a.test", location };
    expect(renderDockerfileWarnings("app", [warning], palette(false))).toBe(
      [
        "app: 1 warning",
        "warning[MaintainerDeprecated]: use a label",
        "   --> /app/Dockerfile:2",
        "    |",
        "  2 | MAINTAINER x",
        "    |",
        "    = see https://a.test",
      ].join("\n"),
    );
    expect(renderDockerfileWarnings("app", [], palette(false))).toBe("app: no warnings");
  });
});
