/**
 * The keys that leave a process running: watched for here, because an engine that finds them in the input of `exec`
 * ends the connection with an error.
 */
import { Transform } from "node:stream";
import { UsageMistake } from "./options.ts";

const DEFAULT_KEYS = "ctrl-p,ctrl-q";
/** Behind `ctrl-`, and what they are as a byte: 0 for `@`, 1 to 26 for letters, then these. */
const CONTROL = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

/** @throws UsageMistake for what names no keys */
export function parseDetachKeys(text: string): Buffer {
  const bytes = text.split(",").map((key) => {
    const control = /^ctrl-(.)$/i.exec(key)?.[1]?.toLowerCase();
    if (control !== undefined && CONTROL.includes(control)) return CONTROL.indexOf(control);
    if (/^[\x20-\x7e]$/.test(key)) return key.charCodeAt(0);
    throw new UsageMistake(`"${text}" names no keys`, `write them like ${DEFAULT_KEYS}`);
  });
  return Buffer.from(bytes);
}

/** Passes input on; a beginning of the sequence is held back until it is clear that it is none. */
export function watchForDetach(keys: string | undefined, onDetach: () => void): Transform {
  const sequence = parseDetachKeys(keys ?? DEFAULT_KEYS);
  let matched = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const passed: number[] = [];
      for (const byte of chunk) {
        if (byte === sequence[matched]) {
          matched += 1;
          if (matched < sequence.length) continue;
          matched = 0;
          onDetach();
          break;
        }
        passed.push(...sequence.subarray(0, matched));
        matched = byte === sequence[0] ? 1 : 0;
        if (matched === 0) passed.push(byte);
      }
      done(null, Buffer.from(passed));
    },
    flush(done) {
      done(null, sequence.subarray(0, matched));
    },
  });
}
