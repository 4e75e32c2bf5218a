const EMPTY = -1
const FIRST_CELLS = 64

/**
 * Row numbers of (subscriber, fleet, publisher), from 0: a hash table in typed arrays, because a Map would need a key
 * object per message.
 */
export class PairIndex {
  #cells = new Int32Array(FIRST_CELLS).fill(EMPTY)
  subscriber = new Uint32Array(FIRST_CELLS)
  tag = new Uint32Array(FIRST_CELLS)
  publisher = new Uint32Array(FIRST_CELLS)
  #rows = 0

  get rows(): number {
    return this.#rows
  }

  /** The row of a pair: a new one where it has none. */
  rowOf(subscriber: number, tag: number, publisher: number): number {
    const mask = this.#cells.length - 1
    let cell = hash(subscriber, tag, publisher) & mask
    for (;;) {
      const row = this.#cells[cell]!
      if (row === EMPTY) break
      if (this.subscriber[row] === subscriber && this.publisher[row] === publisher && this.tag[row] === tag)
        return row
      cell = (cell + 1) & mask
    }
    const row = this.#rows++
    if (row >= this.subscriber.length) this.#growRows()
    this.subscriber[row] = subscriber
    this.tag[row] = tag
    this.publisher[row] = publisher
    this.#cells[cell] = row
    if (this.#rows * 2 > this.#cells.length) this.#rehash()
    return row
  }

  #growRows(): void {
    this.subscriber = grown(this.subscriber)
    this.tag = grown(this.tag)
    this.publisher = grown(this.publisher)
  }

  #rehash(): void {
    const cells = new Int32Array(this.#cells.length * 2).fill(EMPTY)
    const mask = cells.length - 1
    for (let row = 0; row < this.#rows; row++) {
      let cell = hash(this.subscriber[row]!, this.tag[row]!, this.publisher[row]!) & mask
      while (cells[cell] !== EMPTY) cell = (cell + 1) & mask
      cells[cell] = row
    }
    this.#cells = cells
  }
}

function hash(subscriber: number, tag: number, publisher: number): number {
  let h = Math.imul(subscriber ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(publisher + tag, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

/** A copy of twice the length, new places 0. */
export function grown<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  array: A,
  length = array.length * 2,
): A {
  const larger = new (array.constructor as new (length: number) => A)(length)
  larger.set(array)
  return larger
}
