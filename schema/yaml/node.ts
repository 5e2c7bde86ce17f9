/** What the YAML reader makes of a text: nodes as they are written, offsets included, nothing resolved. */

export interface RawScalar {
  readonly kind: "scalar";
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** Written without quotes and not as a block: its text may mean a number, a boolean or null. */
  readonly plain: boolean;
  readonly tag?: string | undefined;
}

export interface RawSeq {
  readonly kind: "seq";
  readonly start: number;
  end: number;
  readonly items: RawNode[];
  readonly tag?: string | undefined;
}

export interface RawPair {
  readonly key: RawNode;
  readonly value: RawNode;
}

export interface RawMap {
  readonly kind: "map";
  readonly start: number;
  end: number;
  readonly pairs: RawPair[];
  readonly tag?: string | undefined;
}

export interface RawAlias {
  readonly kind: "alias";
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly target: RawNode;
  readonly tag?: undefined;
}

export type RawNode = RawScalar | RawSeq | RawMap | RawAlias;

/** Where reading had to stop, and why. */
export class YamlSyntaxError extends Error {
  readonly start: number;
  readonly end: number;
  readonly hint: string | undefined;

  constructor(message: string, start: number, end: number, hint?: string) {
    super(message);
    this.name = "YamlSyntaxError";
    this.start = start;
    this.end = end;
    this.hint = hint;
  }
}

/** Anchor and tag in front of a node. */
export interface Properties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  readonly start: number;
}
