import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { validateStackFile } from "../../schema/validate.ts";

function problems(yaml: string): Diagnostic[] {
  return validateStackFile(parse(yaml), () => undefined);
}

function sentences(yaml: string): string[] {
  return problems(yaml).map((d) => `${d.code}: ${d.message}${d.hint === undefined ? "" : ` [${d.hint}]`}`);
}

describe("a correct file", () => {
  it("has no problems, in short and long forms alike", () => {
    expect(
      sentences(`
name: shop
x-any: { thing: [1] }
include: [a.yaml, { path: [b.yaml, c.yaml], env_file: b.env }]
services:
  web:
    image: nginx
    build: { context: ., args: [A=1, B], x-note: 1 }
    command: null
    entrypoint: []
    ports: ["80:80", 90, { target: 80, published: "8080-8090" }]
    environment: { A: 1, B: true, C: null, D: x }
    env_file: [a.env, { path: b.env, required: false }]
    depends_on: { db: { condition: service_healthy } }
    networks: { back: null, front: { aliases: [w] } }
    volumes: ["data:/data", { type: tmpfs, target: /t, tmpfs: { size: 64m } }]
    gpus: all
    ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 }
    deploy: null
    develop: null
    pre_start: [{ command: echo hi, per_replica: true }]
    x-tcompose: { on_change: "signal:SIGHUP", update: { order: start-first } }
  db: { image: postgres, depends_on: [web], gpus: [{ count: 1 }], models: { llm: null } }
networks: { back: null, front: {} }
volumes: { data: }
models: { llm: { model: ai/small } }
`),
    ).toEqual([]);
  });
});

describe("one mistake, one message", () => {
  it.each([
    [
      "services: { web: { imge: x } }",
      'unknown-key: services.web: unknown key "imge" [did you mean "image"?]',
    ],
    [
      "services: { web: { dependsOn: [] } }",
      'unknown-key: services.web: unknown key "dependsOn" [did you mean "depends_on"?]',
    ],
    [
      "services: { web: { env: {} } }",
      'unknown-key: services.web: unknown key "env" [did you mean "environment"?]',
    ],
    [
      "services: { web: { dockerfile: x } }",
      'unknown-key: services.web: unknown key "dockerfile" ["dockerfile" belongs under "build"]',
    ],
    [
      "services: { web: { build: { image: x } } }",
      'unknown-key: services.web.build: unknown key "image" ["image" belongs to "web"; is it indented too far?]',
    ],
    [
      "services: { web: { image: x, services: {} } }",
      'unknown-key: services.web: unknown key "services" ["services" belongs to the top level; is it indented too far?]',
    ],
    [
      "services: { volumes: { data: {} } }",
      'unknown-key: services.volumes: unknown key "data" ["volumes" stands here as a service; is it indented too far?]',
    ],
    [
      "image: x",
      'unknown-key: top level: unknown key "image" ["image" belongs to a service, under "services"]',
    ],
    [
      "web: { image: x }",
      'unknown-key: top level: unknown key "web" [a service belongs under "services"; is "web" indented too little?]',
    ],
    ["services: { web: { frobnicate: x } }", 'unknown-key: services.web: unknown key "frobnicate"'],
    [
      'services: { "a b": {} }',
      'bad-name: services: "a b" is not a valid name [use letters, digits, ".", "_" and "-"]',
    ],
    [
      "services: { web: { image: 1.5 } }",
      'wrong-type: services.web.image: expected text, found the number 1.5 [put it in quotes: "1.5"]',
    ],
    [
      "services: { web: { stop_grace_period: 5 } }",
      "wrong-type: services.web.stop_grace_period: expected a duration with a unit, found the number 5 [add a unit: 5s]",
    ],
    [
      "services: { web: }",
      'wrong-type: services.web: expected a mapping, found nothing [nothing stands under "web"; indent what belongs to it, or remove the line]',
    ],
    [
      "services: { web: , image: nginx }",
      'wrong-type: services.image: expected a mapping, found the text "nginx" ["image" is an attribute of a service; indent it below the service\'s name]',
    ],
    [
      "services: [web]",
      'wrong-type: services: expected a mapping, found a list [write "name: value" lines without the leading "-"]',
    ],
    [
      "services: { web: { ports: 80 } }",
      "wrong-type: services.web.ports: expected a list, found the number 80 [write it as a list: [80]]",
    ],
    [
      "services: { web: { ports: '80:80' } }",
      'wrong-type: services.web.ports: expected a list, found the text "80:80" [write it as a list: ["80:80"]]',
    ],
    [
      "services: { web: { environment: [{ A: 1 }] } }",
      'wrong-type: services.web.environment[0]: expected text, found a mapping [write "A=1", or remove every "-" under services.web.environment]',
    ],
    [
      "services: { web: { environment: { A: [1] } } }",
      "wrong-type: services.web.environment.A: expected text, a number or true or false, found a list [write the value itself, without a list]",
    ],
    [
      "services: { web: 'image:x' }",
      'wrong-type: services.web: expected a mapping, found the text "image:x" [a space is missing after ":"]',
    ],
    [
      "services: { web: { depends_on: { db: { condition: healthy } } } }",
      'not-allowed-value: services.web.depends_on.db.condition: expected "service_started", "service_healthy" or "service_completed_successfully", found the text "healthy"',
    ],
    [
      "services: { web: { depends_on: { db: { condition: service_healty } } } }",
      'not-allowed-value: services.web.depends_on.db.condition: expected "service_started", "service_healthy" or "service_completed_successfully", found the text "service_healty" [did you mean "service_healthy"?]',
    ],
    [
      "services: { web: { depends_on: { db: {} } } }",
      'missing-key: services.web.depends_on.db: "condition" is missing',
    ],
    [
      "services: { web: { gpus: some } }",
      'not-allowed-value: services.web.gpus: expected "all", found the text "some"',
    ],
    [
      "services: { web: { container_name: '' } }",
      'bad-format: services.web.container_name: expected a container name, found an empty text [at least two characters: letters, digits, "_", "." and "-", and a letter or digit first]',
    ],
    [
      "services: { web: { pull_policy: allways } }",
      'not-allowed-value: services.web.pull_policy: expected "always", "never", "missing", "build", "daily", "weekly" or "every_<duration>", found the text "allways" [did you mean "always"?]',
    ],
    [
      "services: { web: { oom_score_adj: 2000 } }",
      "out-of-range: services.web.oom_score_adj: expected at most 1000, found the number 2000",
    ],
    [
      "services: { web: { cap_add: [A, B, A] } }",
      'duplicate-item: services.web.cap_add: "A" is listed twice',
    ],
  ])("%s", (yaml, sentence) => {
    expect(sentences(yaml)).toEqual([sentence]);
  });

  it("reports every mistake of a file", () => {
    const found = problems("services: { a: { imge: x, tty: [] }, b: { ports: {} } }\nvolums: {}");
    expect(found.map((d) => d.path)).toEqual([
      "volums",
      "services.a.imge",
      "services.a.tty",
      "services.b.ports",
    ]);
  });

  it.each(["[]", "null", "text", "5"])("refuses %s as a whole file", (yaml) => {
    expect(problems(yaml)).toMatchObject([{ code: "wrong-type", severity: "error" }]);
  });
});

describe("places", () => {
  it("asks for the key of an unknown key and for the value of a wrong value", () => {
    const asked: string[] = [];
    validateStackFile(
      { services: { web: { imge: "x", image: 1, cap_drop: ["A", "A"], "a/b~c": 1 } } },
      (path, target) => {
        asked.push(`${path.join("|")} ${target}`);
        return undefined;
      },
    );
    expect(asked.sort()).toEqual([
      "services|web|a/b~c key",
      "services|web|cap_drop|0 value",
      "services|web|cap_drop|1 value",
      "services|web|image value",
      "services|web|imge key",
    ]);
  });
});
