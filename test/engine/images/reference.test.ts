import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../engine/error.ts";
import {
  authKey,
  familiarName,
  isSameImage,
  normalizedName,
  parseReference,
  registryHost,
  tryParseReference,
} from "../../../engine/images/reference.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("references", () => {
  it.each([
    ["nginx", "docker.io/library/nginx:latest", "nginx:latest"],
    ["nginx:alpine", "docker.io/library/nginx:alpine", "nginx:alpine"],
    ["acme/api", "docker.io/acme/api:latest", "acme/api:latest"],
    ["docker.io/library/nginx", "docker.io/library/nginx:latest", "nginx:latest"],
    ["index.docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"],
    ["localhost/app", "localhost/app:latest", "localhost/app:latest"],
    ["localhost:5000/a/b:1.2", "localhost:5000/a/b:1.2", "localhost:5000/a/b:1.2"],
    ["ghcr.io/acme/api:v1", "ghcr.io/acme/api:v1", "ghcr.io/acme/api:v1"],
    [`redis@${DIGEST}`, `docker.io/library/redis@${DIGEST}`, `redis@${DIGEST}`],
    [`redis:7@${DIGEST}`, `docker.io/library/redis:7@${DIGEST}`, `redis:7@${DIGEST}`],
    ["[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest"],
    ["my__app/a-b.c_d", "docker.io/my__app/a-b.c_d:latest", "my__app/a-b.c_d:latest"],
  ])("%s is %s", (text, normalized, familiar) => {
    const reference = parseReference(text);
    expect(normalizedName(reference)).toBe(normalized);
    expect(familiarName(reference)).toBe(familiar);
  });

  it.each(["", ":tag", "a:", "a:b:c", "-a", "a/-b", "a@sha256:1", "a b", "a//b", "a/b/", "a:tag/b c"])(
    "%j is none",
    (text) => {
      expect(tryParseReference(text)).toBeUndefined();
    },
  );

  it("says what is wrong with capitals", () => {
    expect(() => parseReference("nginx/MyApp")).toThrow(UsageError);
    expect(() => parseReference("nginx/MyApp")).toThrow(/not an image reference/);
  });

  it("knows where an image comes from and under which key its credentials are", () => {
    expect(registryHost("nginx")).toBe("docker.io");
    expect(registryHost("127.0.0.1:5000/x")).toBe("127.0.0.1:5000");
    expect(authKey("docker.io")).toBe("https://index.docker.io/v1/");
    expect(authKey("ghcr.io")).toBe("ghcr.io");
  });

  it("normal and familiar names mean the same image", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const host = fc.constantFrom("", "ghcr.io/", "localhost:5000/", "docker.io/");
    const tag = fc.option(fc.stringMatching(/^:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,8}$/), { nil: "" });
    fc.assert(
      fc.property(host, fc.array(part, { minLength: 1, maxLength: 3 }), tag, (h, parts, t) => {
        const text = `${h}${parts.join("/")}${t ?? ""}`;
        const reference = parseReference(text);
        expect(isSameImage(normalizedName(reference), text)).toBe(true);
        expect(isSameImage(familiarName(reference), text)).toBe(true);
      }),
    );
  });
});
