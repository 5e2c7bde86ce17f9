/** Stacks made at random from the grammar, by number, so that each can be made again. */
import type { StackFolder } from "../../schema/fuzz/case-files.ts";
import { Random } from "../../schema/fuzz/random.ts";
import { ValueMaker, type Grammar } from "./grammar.ts";
import { changedFolder } from "./change-folder.ts";
import { isGoodAttribute } from "./good-attribute.ts";
import type { PeerCase } from "./peer-case.ts";

const VARIABLES: Readonly<Record<string, string>> = {
  V: "v1",
  W: "w2",
  EMPTY: "",
  NUM: "3",
  FLOAT: "0.5",
  BOOL: "true",
  DUR: "7s",
  BYTES: "1m",
  IP: "1.2.3.4",
};

const JSON_FLAGS = ["--format", "json"];
const FLAGS: readonly (readonly string[])[] = [
  ...Array.from({ length: 14 }, () => JSON_FLAGS),
  ...Array.from({ length: 5 }, () => ["--format", "json", "--no-interpolate"]),
  ...Array.from({ length: 5 }, () => [] as string[]),
  ["--hash", "*"],
  ["--hash", "*"],
  ["--no-interpolate"],
  ["--no-interpolate"],
  ["--services"],
  ["--volumes"],
  ["--networks"],
  ["--models"],
  ["--images"],
  ["--profiles"],
  ["--variables"],
  ["--variables", "--format", "json"],
  ["--environment"],
  ["-q"],
  ["--no-normalize", ...JSON_FLAGS],
  ["--no-normalize"],
  ["--no-path-resolution", ...JSON_FLAGS],
  ["--no-consistency", ...JSON_FLAGS],
  ["--no-normalize", "--no-path-resolution", "--no-consistency", ...JSON_FLAGS],
  ["--no-interpolate", "--no-normalize", ...JSON_FLAGS],
  ["--no-interpolate", "--no-path-resolution", ...JSON_FLAGS],
  ["--no-interpolate", "--no-consistency", ...JSON_FLAGS],
  ["--services", "--no-interpolate"],
  [...JSON_FLAGS, "a"],
  [...JSON_FLAGS, "b"],
  ["--images", "a"],
  ["--profiles", "b"],
  ["--hash", "a"],
];

type Files = Map<string, string[]>;

export interface Materials {
  readonly grammar: Grammar;
  readonly folders: readonly StackFolder[];
}

export function makeCase(materials: Materials, seed: number, index: number): PeerCase {
  const random = new Random(seed * 1_000_003 + index);
  const maker = new ValueMaker(materials.grammar, random);
  const flags = random.pick(FLAGS);
  if (materials.folders.length > 0 && random.below(4) === 0)
    return { ...changedFolder(random.pick(materials.folders), maker, random, VARIABLES), flags };
  const stack = new StackMaker(maker, random).make();
  return { ...stack, flags };
}

class StackMaker {
  readonly #maker: ValueMaker;
  readonly #random: Random;
  readonly #files: Files = new Map();
  readonly #args: string[] = [];
  readonly #isCalm: boolean;
  #env: Record<string, string> = { ...VARIABLES };

  constructor(maker: ValueMaker, random: Random) {
    this.#maker = maker;
    this.#random = random;
    this.#isCalm = random.below(4) > 0;
  }

  make(): Omit<PeerCase, "flags"> {
    const random = this.#random;
    const names = this.#someAttributes(1 + random.below(3));
    const main = this.#stackFile(this.#attributes(names), random.below(3) === 0);
    this.#files.set("compose.yaml", main);
    for (let left = random.below(3); left > 0; left -= 1) this.#addTheme(names, main);
    this.#addEnvironment();
    this.#addSideFiles();
    return { files: this.#files, env: this.#env, args: this.#args };
  }

  #someAttributes(count: number): string[] {
    const keys = this.#maker.keysOf("service");
    return Array.from({ length: count }, () => this.#random.pick(keys));
  }

  #attributes(names: readonly string[]): string[] {
    return [...new Set(names)].map((name) => this.#attribute(name));
  }

  /** What is refused hides everything else, so that most values are good ones. */
  #attribute(name: string): string {
    const make = (): string => `    ${name}: ${this.#maker.valueFor("service", name)}`;
    let line = make();
    for (let left = this.#isCalm ? 6 : 0; left > 0 && !isGoodAttribute(line, VARIABLES); left -= 1)
      line = make();
    return line;
  }

  /** A stack with the attributes in its first service, and everything declared that values may refer to. */
  #stackFile(attributes: readonly string[], withResources: boolean): string[] {
    const random = this.#random;
    const image = attributes.some((line) => /^ {4}(?:image|build|provider):/.test(line))
      ? []
      : ["    image: i"];
    const lines = ["services:", "  a:", ...image, ...attributes, "  b:", "    image: j"];
    if (random.below(4) === 0) lines.push(...this.#attributes(this.#someAttributes(1)));
    lines.push("  c:", "    image: k");
    if (random.below(6) === 0) lines.push(`    profiles: ${this.#maker.value("profiles")}`);
    const fixed: readonly (readonly [string, string, string, string])[] = [
      ["networks", "net", "network", "{}"],
      ["volumes", "vol", "volume", "{}"],
      ["secrets", "a", "secret", "{file: ./s}"],
      ["configs", "a", "config", "{content: c}"],
      ["models", "llm", "model", "{model: m}"],
    ];
    for (const [section, name, kind, simple] of fixed) {
      const wild = withResources && random.below(3) === 0;
      if (!wild && random.below(3) === 0) continue;
      lines.push(`${section}:`, `  ${name}: ${wild ? this.#maker.value(kind) : simple}`);
      if (section === "secrets" || section === "configs") lines.push("  b: {file: ./t}");
      if (section === "volumes") lines.push("  v1: {}");
    }
    if (random.below(8) === 0) lines.unshift(`name: ${this.#maker.value("project_name")}`);
    if (random.below(12) === 0) lines.push(`x-top: ${this.#maker.value("any")}`);
    if (random.below(15) === 0) lines.unshift("version: '3'");
    return lines;
  }

  #addTheme(names: readonly string[], main: string[]): void {
    switch (this.#random.below(7)) {
      case 0:
      case 1:
      case 2:
        return this.#addOverride(names);
      case 3:
        return this.#addExtends(names, main);
      case 4:
        return this.#addInclude(names, main);
      case 5:
        return this.#addAnchor(names, main);
      default:
        return this.#addDocument(names, main);
    }
  }

  /** What is merged over the service: its attributes in other forms, now and then another one or with a tag. */
  #overLines(names: readonly string[]): string[] {
    const random = this.#random;
    const wanted = random.below(3) === 0 ? [...names, ...this.#someAttributes(1)] : names;
    const lines = this.#attributes(wanted).map((line) => {
      const chance = random.below(14);
      if (chance === 0) return line.replace(": ", ": !override ");
      return chance === 1 ? line.replace(/: .*/, ": !reset null") : line;
    });
    return ["services:", random.below(40) === 0 ? "  a: !override" : "  a:", ...lines];
  }

  #addOverride(names: readonly string[]): void {
    const lines = this.#overLines(names);
    if (this.#random.below(4) === 0) {
      const sections = [
        ["networks", "net", "network"],
        ["volumes", "vol", "volume"],
        ["secrets", "a", "secret"],
        ["configs", "a", "config"],
        ["models", "llm", "model"],
      ] as const;
      const [section, name, kind] = this.#random.pick(sections);
      lines.push(`${section}:`, `  ${name}: ${this.#maker.value(kind)}`);
    }
    if (this.#args.length > 0) {
      this.#files.set("over2.yaml", lines);
      this.#args.push("-f", "over2.yaml");
    } else if (this.#random.below(3) === 0) this.#files.set("compose.override.yaml", lines);
    else {
      this.#files.set("over.yaml", lines);
      this.#args.push("-f", "compose.yaml", "-f", "over.yaml");
    }
  }

  #addDocument(names: readonly string[], main: string[]): void {
    main.push("---", ...this.#overLines(names));
  }

  #addExtends(names: readonly string[], main: string[]): void {
    const random = this.#random;
    const at = main.indexOf("  a:") + 1;
    if (random.below(2) === 0) {
      main.splice(at, 0, "    extends: b");
      main.splice(main.indexOf("    image: j"), 1, "    image: j", ...this.#attributes(names));
      return;
    }
    const file = random.pick(["base.yaml", "sub/base.yaml"]);
    main.splice(at, 0, `    extends: {service: b, file: ${file}}`);
    const lines = ["services:", "  b:", "    image: base", ...this.#attributes(names)];
    if (random.below(3) === 0) lines.push("    extends: c", "  c:", ...this.#attributes(names));
    this.#files.set(file, lines);
  }

  #addInclude(names: readonly string[], main: string[]): void {
    const random = this.#random;
    main.unshift(`include: ${this.#maker.value("include")}`);
    const service = random.below(4) === 0 ? "a" : "inc";
    const lines = ["services:", `  ${service}:`, "    image: inc", ...this.#attributes(names)];
    this.#files.set("inc.yaml", lines);
    this.#files.set("sub/inc.yaml", lines);
    this.#files.set("sub/over.yaml", ["services:", `  ${service}:`, ...this.#attributes(names)]);
    if (random.below(3) === 0) this.#files.set("sub/.env", this.#envLines(3));
  }

  #addAnchor(names: readonly string[], main: string[]): void {
    const at = main.indexOf("  a:") + 1;
    main.splice(at, 0, "    <<: *base");
    main.unshift("x-base: &base", ...this.#attributes(names).map((line) => line.slice(2)));
  }

  #envLines(limit: number): string[] {
    const random = this.#random;
    return Array.from({ length: 1 + random.below(limit) }, () => this.#maker.value("dotenv_line"));
  }

  #addEnvironment(): void {
    const random = this.#random;
    const lines = Object.entries(VARIABLES).map(([key, value]) => `${key}=${value}`);
    switch (random.below(8)) {
      case 0:
        this.#files.set(".env", lines);
        this.#env = {};
        break;
      case 1:
        this.#files.set("vars.env", lines);
        this.#args.unshift("--env-file", "vars.env");
        this.#env = {};
        break;
      case 2:
        this.#files.set(".env", this.#envLines(3));
        break;
      default:
    }
    if (random.below(20) === 0) this.#args.unshift("--profile", random.pick(["p", "q", "*"]));
    if (random.below(30) === 0) this.#args.unshift("-p", random.pick(["proj", "Pro j", "1x", "_x"]));
    if (random.below(30) === 0)
      this.#args.unshift("--project-directory", random.pick(["sub", ".", "..", "/abs"]));
    if (random.below(40) === 0) this.#env["COMPOSE_PROFILES"] = random.pick(["p", "p,q", "*", ""]);
    if (random.below(40) === 0) this.#env["COMPOSE_PROJECT_NAME"] = random.pick(["cpn", "C P", ""]);
  }

  #addSideFiles(): void {
    const random = this.#random;
    for (const name of ["a.env", "b.env", "sub/a.env"]) {
      const isWild = random.below(4) === 0;
      this.#files.set(name, isWild ? this.#envLines(3) : ["A=1", "B=$V", "C='q'"]);
    }
    const base = [
      "services:",
      "  b:",
      "    image: base",
      "  c:",
      "    image: basec",
      "    volumes: [./x:/x]",
    ];
    for (const name of ["base.yaml", "sub/base.yaml"])
      if (!this.#files.has(name)) this.#files.set(name, base);
  }
}
