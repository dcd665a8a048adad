/** An object of JSON, as a line of a session file holds it: not yet checked. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * One thing that a version of the session file writes otherwise than those before it. What is not of the older form comes
 * back as it is: the schema refuses it, by the names of today.
 */
export type Step = {
  /** The first version that writes it so. */
  readonly since: number;
  readonly header?: (header: Json) => Json;
  readonly entry?: (entry: Json) => Json;
  /** A checkpoint's state. */
  readonly state?: (state: Json) => Json;
};
