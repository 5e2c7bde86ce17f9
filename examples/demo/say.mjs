/** What the scripts say while they work, and the one way they give up. */
import process from "node:process";

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Something that the person at the keyboard has to do. Printed without a stack. */
export class NeedsPerson extends Error {}

/** Runs `main`; what it throws becomes one readable message and exit code 1. */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`\n${error instanceof NeedsPerson ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
