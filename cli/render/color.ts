/** Colours as functions from text to text: the identity where colour is off, so that callers never ask. */

export type Paint = (text: string) => string;

export interface Palette {
  readonly enabled: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
}

const plain: Paint = (text) => text;

function sgr(open: number | string, close: number): Paint {
  return (text) => (text === "" ? "" : `\u001B[${open}m${text}\u001B[${close}m`);
}

const COLORED: Palette = {
  enabled: true,
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  blue: sgr(34, 39),
  cyan: sgr(36, 39),
};

const PLAIN: Palette = {
  enabled: false,
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  blue: plain,
  cyan: plain,
};

export function palette(enabled: boolean): Palette {
  return enabled ? COLORED : PLAIN;
}

/** Red is left out: it means failure. Ordered so that neighbours differ well. */
const SERVICE_COLORS = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94].map((code) => sgr(code, 39));

/**
 * A colour for each service, the same in every run as long as the set of services is the same: they are dealt in the
 * order of the sorted names. A name outside the set gets a colour from its own text.
 */
export function serviceColors(services: Iterable<string>, enabled: boolean): (service: string) => Paint {
  if (!enabled) return () => plain;
  const sorted = [...new Set(services)].sort();
  const position = new Map(sorted.map((name, index) => [name, index]));
  return (service) => {
    const index = position.get(service) ?? textSum(service);
    return SERVICE_COLORS[index % SERVICE_COLORS.length] ?? plain;
  };
}

function textSum(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return sum;
}
