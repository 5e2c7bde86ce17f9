/** Whether a stack with one attribute is valid. */
import { load } from "../../../schema/load.ts";
import { inMemory } from "../../schema/fuzz/check-load.ts";

const REST = `  b: {image: j}
  c: {image: k}
networks: {net: {}, v1: {}}
volumes: {vol: {}, v1: {}}
secrets: {a: {file: ./s}, b: {file: ./t}}
configs: {a: {content: c}, b: {file: ./t}}
models: {llm: {model: m}}
`;
const OTHERS: readonly (readonly [string, string])[] = [
  ["a.env", "A=1\n"],
  ["b.env", "B=1\n"],
  ["sub/a.env", "A=1\n"],
  ["base.yaml", "services: {b: {image: x}, c: {image: y}}\n"],
  ["sub/base.yaml", "services: {b: {image: x}, c: {image: y}}\n"],
];

export function isGoodAttribute(line: string, env: Readonly<Record<string, string>>): boolean {
  const image = /^ *(?:image|build|provider):/.test(line) ? "" : "    image: i\n";
  const text = `services:\n  a:\n${image}${line}\n${REST}`;
  const files = inMemory(new Map([["compose.yaml", text], ...OTHERS]));
  return load({ files, cwd: "/work/app", home: "/home/me", env }).ok;
}
