import { PINGREQ } from './packet-type.ts'

/** The same for every client of every version. */
export const PINGREQ_BYTES = Buffer.from([PINGREQ, 0])
