const CHUNKS = 'a list comes whole: clients must be ready for that'
const SHAPES = 'built-in kinds have no schema in the emulation, so what they do not know is kept'

/** Cases that hold on a real server and not on the emulated one, each with its reason (docs/fidelity.md). */
export const EMULATION_DIFFERS: Readonly<Record<string, string>> = {
  'unknown fields are warned of, refused or ignored, as the client wishes': SHAPES,
  'a body of the wrong shape is refused': SHAPES,
  'a list comes in chunks': CHUNKS,
  'a chunk says how many are left': CHUNKS,
  'chunks are of one moment': CHUNKS,
  'a token that is none': CHUNKS,
  'a definition that is no structural schema is refused': 'the emulation trusts the definitions of operators',
  'a rule that cannot be compiled is refused with its definition':
    'rules are parsed, their types are not checked (decision 0014)',
  'nobody gives away more than they have': 'a testbed has no one to keep from it',
  'a review tells whose a token is': 'no part of a testbed sends TokenReviews',
}
