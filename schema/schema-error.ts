/** One finding of the generated validator, before it is put into words. */
export interface SchemaError {
  /** JSON pointer to the offending value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
