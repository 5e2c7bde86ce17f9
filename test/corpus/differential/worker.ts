/** The loop of a differential run: make cases, run both tools, sort what differs, make examples small. */
import { appendFileSync } from "node:fs";
import { readStackFolders } from "../../schema/fuzz/case-files.ts";
import { difference } from "./compare.ts";
import { makeCase } from "./generate.ts";
import type { PeerCase } from "./peer-case.ts";
import { readGrammar } from "./grammar.ts";
import { minimize } from "./minimize.ts";
import { runBoth, type Outcome, type Peer } from "./run-tools.ts";

export interface RunOptions {
  readonly root: string;
  readonly corpus: string | undefined;
  readonly values: string;
  readonly mappings: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly jobs: number;
  readonly log: string;
  /** Stands in for docker compose itself. */
  readonly peer?: Peer;
}

export interface RunReport {
  readonly run: number;
  readonly accepted: number;
  /** How many cases differ, by kind of difference. */
  readonly kinds: ReadonlyMap<string, number>;
}

export async function run(options: RunOptions): Promise<RunReport> {
  const { root, seed, log, peer: askPeer } = options;
  const materials = {
    grammar: readGrammar(options.values, options.mappings),
    folders: options.corpus === undefined ? [] : readStackFolders(options.corpus),
  };
  const kinds = new Map<string, number>();
  let next = options.from;
  let accepted = 0;
  const take = async (): Promise<void> => {
    while (next < options.to) {
      const index = next;
      next += 1;
      const one = makeCase(materials, seed, index);
      const { own, peer } = await runBoth(one, root, askPeer);
      if (peer.accepted) accepted += 1;
      const kind = difference(own, peer);
      if (kind === undefined || (await isUnstable(one, peer, root, askPeer))) continue;
      const seen = kinds.get(kind) ?? 0;
      kinds.set(kind, seen + 1);
      if (seen > 0) continue;
      const holds = async (smaller: PeerCase): Promise<boolean> => {
        const both = await runBoth(smaller, root, askPeer);
        return difference(both.own, both.peer) === kind;
      };
      const small = await minimize(one, holds);
      appendFileSync(log, describe(index, kind, small, await runBoth(small, root, askPeer)));
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, take));
  return { run: options.to - options.from, accepted, kinds };
}

/** The peer walks some mappings in a random order, and so answers this or that. */
async function isUnstable(
  one: PeerCase,
  first: Outcome,
  root: string,
  askPeer: Peer | undefined,
): Promise<boolean> {
  for (let i = 0; i < 2; i += 1) {
    const { peer, own } = await runBoth(one, root, askPeer);
    if (peer.accepted !== first.accepted) return true;
    if (difference(own, peer) === undefined) return true;
  }
  return false;
}

function describe(index: number, kind: string, one: PeerCase, both: { own: Outcome; peer: Outcome }): string {
  const files = [...one.files].map(([name, lines]) => `--- ${name}\n${lines.join("\n")}\n`);
  const shown = (outcome: Outcome): string =>
    (outcome.accepted ? outcome.out : outcome.err).split("\n").slice(0, 60).join("\n");
  return [
    `\n${"=".repeat(80)}\n#${index} ${kind}\n`,
    `env ${JSON.stringify(one.env)}\ncommand ${[...one.args, "config", ...one.flags].join(" ")}\n`,
    ...files,
    `>>> ours\n${shown(both.own)}\n>>> peer\n${shown(both.peer)}\n`,
  ].join("");
}
