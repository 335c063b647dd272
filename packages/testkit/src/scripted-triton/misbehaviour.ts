/** What a scripted Triton can be told to do wrong, each with the next inference calls. */
export const MISBEHAVIOURS = [
  // with the call
  "hang", // never answers
  "slow", // answers `slowMs` later
  "unavailable", // refuses as a server does that shuts down
  "overloaded", // refuses as a server does whose queue is full
  "internal", // fails as a model does that raised
  "disconnect", // resets the connection in the middle of the call
  "goaway", // tells every connection to go away, then answers
  // with the answer
  "out-of-order", // answers after the next request was answered
  "wrong-id",
  "wrong-shape",
  "wrong-datatype",
  "missing-tensor",
  "truncated-tensor", // the raw bytes end too early
  "no-raw-contents",
  "nan-score",
  "foreign-label", // a label that nobody asked for
  // with the stream
  "early-error", // error_message and id only: no final flag, no status, and the stream stays open
  "late-error", // an error after the first part, with the final flag
  "no-final-flag", // the parts, none flagged as the last, then the stream ends
  "empty-final", // a last response that carries nothing but the flag
] as const;

export type Misbehaviour = (typeof MISBEHAVIOURS)[number];
