/** A broker did not take all of it, which is the message and the cause; and what it took could not be removed, which `left` explains. */
export class LeftOnBroker extends Error {
  readonly left: string

  constructor(message: string, { cause, left }: { cause: unknown; left: string }) {
    super(message, { cause })
    this.name = 'LeftOnBroker'
    this.left = left
  }
}
