import { Utf8, type Vector, vectorFromArray } from 'apache-arrow'

/**
 * The words of a dictionary-encoded column. It only grows, and grows by chunks: Arrow's writer sends a chunk that it
 * has not sent yet as a delta, and never repeats the old ones.
 */
export class WordColumn {
  #indices = new Map<string, number>()
  #unsent: string[] = []
  #vector: Vector<Utf8> | undefined

  constructor(words: readonly string[] = ['']) {
    for (const word of words) this.indexOf(word)
  }

  indexOf(word: string): number {
    const known = this.#indices.get(word)
    if (known !== undefined) return known
    const index = this.#indices.size
    this.#indices.set(word, index)
    this.#unsent.push(word)
    return index
  }

  /** All words so far, the new ones as a chunk of their own. */
  vector(): Vector<Utf8> {
    if (this.#unsent.length > 0) {
      const chunk = vectorFromArray(this.#unsent, new Utf8())
      this.#vector = this.#vector === undefined ? chunk : this.#vector.concat(chunk)
      this.#unsent = []
    }
    return this.#vector!
  }
}
