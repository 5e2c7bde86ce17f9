import { describe, expect, it } from "vitest";
import { isSecretPath, showValue } from "../../../cli/render/mask.ts";

describe("isSecretPath", () => {
  it.each([
    "environment.DB_PASSWORD",
    "environment.PGPASSWORD",
    "environment.GITHUB_TOKEN",
    "environment.API_KEY",
    "environment.AWS_SECRET_ACCESS_KEY",
    "build.args.NPM_TOKEN",
    "environment.authToken",
  ])("takes %s for a secret", (path) => expect(isSecretPath(path)).toBe(true));

  it.each([
    "environment.LOG_LEVEL",
    "environment.KEYBOARD",
    "environment.TOKENIZER",
    "image",
    "secrets.0.target",
    "labels.key",
  ])("does not take %s for a secret", (path) => expect(isSecretPath(path)).toBe(false));
});

describe("showValue", () => {
  it("shows plain values as JSON", () => {
    expect(showValue("environment.LOG_LEVEL", "info")).toBe('"info"');
    expect(showValue("ports[0].target", 80)).toBe("80");
  });

  it("masks values under a secret name, also inside maps and lists", () => {
    expect(showValue("environment.PASSWORD", "hunter2")).toBe("********");
    expect(showValue("environment", { PASSWORD: "hunter2", A: "b" })).toBe('{"PASSWORD":"********","A":"b"}');
    expect(showValue("command", ["run", "TOKEN=abc"])).toBe('["run","TOKEN=********"]');
  });

  it("masks the password of a URL", () => {
    expect(showValue("environment.DATABASE_URL", "postgres://app:hunter2@db/app")).toBe(
      '"postgres://app:********@db/app"',
    );
  });

  it("shows everything when asked to", () => {
    expect(showValue("environment.PASSWORD", "hunter2", true)).toBe('"hunter2"');
  });
});
