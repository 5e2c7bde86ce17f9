/** In what two outcomes differ, as one line that is the same for all cases of the same rule. */
import type { Outcome } from "./run-tools.ts";

/** `undefined` where they agree. Messages and empty lines at the end may differ; order of keys may not. */
export function difference(first: Outcome, second: Outcome): string | undefined {
  const own = { ...first, out: first.out.trimEnd() };
  const peer = { ...second, out: second.out.trimEnd() };
  if (own.err.startsWith("CRASH")) return own.err.split("\n").slice(0, 2).join(" ");
  if (own.accepted !== peer.accepted)
    return own.accepted
      ? `accepted; the peer says ${peerMessage(peer.err)}`
      : `refused: ${ownMessage(own.err)}`;
  if (!own.accepted || own.out === peer.out) return undefined;
  const left = parsed(own.out);
  const right = parsed(peer.out);
  if (left === undefined || right === undefined) return `text ${firstLine(own.out, peer.out)}`;
  return `value ${firstPath(left, right, []) ?? `order ${firstLine(own.out, peer.out)}`}`;
}

function peerMessage(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("time="));
  return general(lines.join(" "));
}

function ownMessage(text: string): string {
  const line = text.split("\n").find((one) => one.startsWith("error")) ?? text;
  return general(line);
}

/** Without what differs from case to case. */
function general(text: string): string {
  return text
    .replaceAll(/"[^"]*"/g, '"_"')
    .replaceAll(/'[^']*'/g, "'_'")
    .replaceAll(/\/\S*\/case\S*/g, "PATH")
    .replaceAll(/\d+/g, "N")
    .slice(0, 160);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function firstPath(left: unknown, right: unknown, path: readonly string[]): string | undefined {
  if (left === right) return undefined;
  const shown = (): string => `${shortPath(path)} ${kindOf(left)}/${kindOf(right)}`;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null)
    return shown();
  if (Array.isArray(left) !== Array.isArray(right)) return shown();
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstPath((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key], [
      ...path,
      key,
    ]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shortPath(path: readonly string[]): string {
  return path.map((part, i) => (i === 1 || /^\d+$/.test(part) ? "*" : part)).join(".");
}

function kindOf(value: unknown): string {
  if (value === undefined) return "none";
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function firstLine(left: string, right: string): string {
  const a = left.split("\n");
  const b = right.split("\n");
  const at = a.findIndex((line, i) => line !== b[i]);
  const key = (line: string | undefined): string => general((line ?? "END").trim().replace(/:.*/, ":"));
  return at === -1 ? "length" : `${key(a[at])} / ${key(b[at])}`;
}
