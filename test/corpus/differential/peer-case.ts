/** One run of both tools. Files are kept as lines, which is how a case is made smaller. */
export interface PeerCase {
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly env: Readonly<Record<string, string>>;
  /** Before `config`. */
  readonly args: readonly string[];
  /** Behind `config`. */
  readonly flags: readonly string[];
}
