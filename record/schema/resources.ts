import Type from 'typebox'
import { amount, maybe, text } from './scalars.ts'

const quantity = maybe(Type.Union([text, amount]))
const amounts = maybe(Type.Object({ cpu: quantity, memory: quantity }))

/** What a container requests and may use. */
export const resources = Type.Object({ requests: amounts, limits: amounts })
