/** What the launcher and the program, which are bundled apart, tell each other about the code cache. */

export interface CodeCacheState {
  /** The command whose code is loaded; before it is known, `start`. */
  command: string;
  /** V8's flags are others now: it would refuse what is kept, and what is compiled from here on is not kept. */
  hasOtherFlags: boolean;
}

const KEY = Symbol.for("tcompose.code-cache");
const holder = globalThis as typeof globalThis & { [KEY]?: CodeCacheState };

export const codeCache: CodeCacheState = (holder[KEY] ??= { command: "start", hasOtherFlags: false });
