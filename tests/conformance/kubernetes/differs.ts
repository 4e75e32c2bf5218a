/** A case that does not hold on a server. */
export interface Difference {
  /** Why it does not have to. */
  reason: string
  /** How the case fails. A server that crashes, or does not answer in time, fails it too: in other words. */
  failure: RegExp
}

const CHUNKS = 'a list comes whole: clients must be ready for that'
const SHAPES = 'built-in kinds have no schema in the emulation, so what they do not know is kept'

/** Cases that hold on a real server and not on the emulated one (docs/fidelity.md). */
export const EMULATION_DIFFERS: Readonly<Record<string, Difference>> = {
  'unknown fields are warned of, refused or ignored, as the client wishes': {
    reason: SHAPES,
    failure: /unknown field .* 'undefined' instead of /,
  },
  'a body of the wrong shape is refused': {
    reason: SHAPES,
    failure: /"kind":"ConfigMap".* 201 instead of 400$/,
  },
  'a list comes in chunks': {
    reason: CHUNKS,
    failure: /\[ 'a', 'b', 'c', 'd' \] instead of \[ 'a', 'b' \]$/,
  },
  'a chunk says how many are left': { reason: CHUNKS, failure: / undefined instead of 2$/ },
  'chunks are of one moment': {
    reason: CHUNKS,
    failure: /\[ 'a', 'b', 'c' \] instead of \[ 'c' \]$/,
  },
  'a token that is none': { reason: CHUNKS, failure: /"kind":"ConfigMapList".* 200 instead of 400$/ },
  'a definition that is no structural schema is refused': {
    reason: 'the emulation trusts the definitions of operators',
    failure: /"kind":"CustomResourceDefinition".* 201 instead of 422$/,
  },
  'a rule that cannot be compiled is refused with its definition': {
    reason: 'rules are parsed, their types are not checked (decision 0014)',
    failure: /"kind":"CustomResourceDefinition".* 201 instead of 422$/,
  },
  'nobody gives away more than they have': {
    reason: 'a testbed needs no protection against this',
    failure: /"kind":"Role".* 201 instead of 403$/,
  },
  'a review tells whose a token is': {
    reason: 'no part of a testbed sends TokenReviews',
    failure: /404 page not found.* 404 instead of 201$/,
  },
}
