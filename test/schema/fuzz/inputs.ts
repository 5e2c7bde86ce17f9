/** Inputs of a fuzz run by number, so that each can be made again. */
import { isYaml, type StackFolder } from "./case-files.ts";
import { checkLoad } from "./check-load.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";

export interface FuzzInput {
  readonly folder: StackFolder;
  readonly changed: string;
  readonly files: ReadonlyMap<string, string>;
}

/** The input of that number: one file of one folder, changed. */
export function makeInput(folders: readonly StackFolder[], seed: number, index: number): FuzzInput {
  const random = new Random(seed * 1_000_003 + index);
  const folder = random.pick(folders);
  const names = [...folder.files.keys()];
  const yaml = names.filter(isYaml);
  const changed = random.below(8) === 0 ? random.pick(names) : random.pick(yaml);
  const other = random.pick([...random.pick(folders).files.values()]);
  const files = new Map(folder.files);
  files.set(changed, asFile(mutate(files.get(changed) ?? "", other, random)));
  return { folder, changed, files };
}

/** As it would be read: a file holds no half of a surrogate pair. */
function asFile(text: string): string {
  return Buffer.from(text).toString();
}

/** Throws what is wrong with the loader. */
export function checkInput(input: FuzzInput): { accepted: boolean; milliseconds: number } {
  const { files, folder, changed } = input;
  const start = performance.now();
  const named = folder.configFiles.length > 0 ? folder.configFiles : isTopLevel(changed) ? [changed] : [];
  const accepted = checkLoad(files, named);
  return { accepted, milliseconds: performance.now() - start };
}

function isTopLevel(path: string): boolean {
  return isYaml(path) && !path.includes("/");
}
