/** The short form of a service volume: `[source:]target[:options]`. */
export interface VolumeSpec {
  readonly ok: true;
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly propagation?: string;
  readonly selinux?: string;
  /** Options that mean nothing: they are ignored. */
  readonly unknown: readonly string[];
  /** One or two characters: a target and nothing else, not even empty options. */
  readonly bare: boolean;
}

export type VolumeSpecResult = VolumeSpec | { readonly ok: false; readonly reason: string };

const PROPAGATIONS = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

export function parseVolumeSpec(spec: string): VolumeSpecResult {
  if (spec === "") return { ok: false, reason: "it is empty" };
  const bare = Buffer.byteLength(spec) <= 2;
  if (bare)
    return {
      ok: true,
      type: "volume",
      source: "",
      target: spec,
      readOnly: false,
      noCopy: false,
      unknown: [],
      bare,
    };
  const sections = splitSections(spec);
  if (sections.some((section) => section === ""))
    return { ok: false, reason: "a part between colons is empty" };
  if (sections.length > 3) return { ok: false, reason: "it has too many colons" };
  const [first = "", second, options = ""] = sections;
  const source = second === undefined ? "" : first;
  return {
    ok: true,
    type: isFilePath(source) ? "bind" : "volume",
    source,
    target: second ?? first,
    bare,
    ...readOptions(options),
  };
}

/** Splits at colons, except behind a drive letter and inside `${...}`. */
function splitSections(spec: string): string[] {
  const sections: string[] = [];
  let references = 0;
  let start = 0;
  for (let i = 0; i < spec.length; i += 1) {
    const char = spec.charCodeAt(i);
    if (char === 0x24 && spec.charCodeAt(i + 1) === 0x7b) references += 1;
    else if (char === 0x7d && references > 0) references -= 1;
    else if (char === 0x3a && references === 0 && !isDriveLetter(spec, start, i)) {
      sections.push(spec.slice(start, i));
      start = i + 1;
    }
  }
  sections.push(spec.slice(start));
  return sections;
}

function isDriveLetter(spec: string, start: number, end: number): boolean {
  return end - start === 1 && /\p{L}/u.test(spec.charAt(start));
}

/** Hints to engines on other systems, and what Podman takes. */
const SILENT = new Set(["", "cached", "delegated", "consistent", "U", "O", "bind", "rbind", "copy"]);

function readOptions(
  options: string,
): Pick<VolumeSpec, "readOnly" | "noCopy" | "propagation" | "selinux" | "unknown"> {
  const unknown: string[] = [];
  let readOnly = false;
  let noCopy = false;
  let propagation: string | undefined;
  let selinux: string | undefined;
  for (const option of options.split(",")) {
    if (option === "ro") readOnly = true;
    else if (option === "rw") readOnly = false;
    else if (option === "nocopy") noCopy = true;
    else if (option === "z" || option === "Z") selinux = option;
    else if (PROPAGATIONS.has(option)) propagation = option;
    else if (!SILENT.has(option) && !option.includes("$")) unknown.push(option);
  }
  return {
    readOnly,
    noCopy,
    unknown,
    ...(propagation ? { propagation } : {}),
    ...(selinux ? { selinux } : {}),
  };
}

function isFilePath(source: string): boolean {
  return /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
}
