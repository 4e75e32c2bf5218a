import { usageError } from '#weir/errors/index.ts'
import { TWO_BYTES } from '../codec/fields.ts'

export { FOUR_BYTES, TWO_BYTES } from '../codec/fields.ts'

/** Throws WEIR_USAGE, as the others: the fleet's spec names what is wrong. */
export function whole(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw usageError(`fleet: ${name} is ${value} but must be a whole number from ${low} to ${high}`)
}

export function positive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw usageError(`fleet: ${name} is ${value} but must be a number above 0`)
}

export function short(name: string, text: string | undefined, mostBytes = TWO_BYTES): void {
  if (text !== undefined && Buffer.byteLength(text) > mostBytes)
    throw usageError(
      `fleet: ${name} has ${Buffer.byteLength(text)} bytes, but MQTT allows at most ${mostBytes}`,
    )
}
