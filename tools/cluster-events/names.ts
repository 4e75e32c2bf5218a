/**
 * Makes names of two runs comparable: a set's hash becomes #1, #2 in the order in which the sets came, what a ReplicaSet adds to its
 * pods a letter, and times, addresses and counters that change with every run go.
 */
export class Names {
  readonly #hashes = new Map<string, string>()
  readonly #suffixes = new Map<string, string>()

  /** A set of pods, as soon as the record knows it: "emqx-core-7fc5549dd5". */
  learnSet(name: string): void {
    const hash = name.split('-').at(-1)!
    if (!this.#hashes.has(hash)) this.#hashes.set(hash, `#${this.#hashes.size + 1}`)
  }

  /** A pod: where its name does not end with a number, its end was made up. */
  learnPod(name: string): void {
    const end = name.split('-').at(-1)!
    if (/^\d+$/.test(end) || this.#suffixes.has(end)) return
    this.#suffixes.set(end, String.fromCharCode(97 + (this.#suffixes.size % 26)))
  }

  /** The text with comparable names, and without the domain of pods. */
  of(text: string): string {
    let plain = text.replaceAll(/@([\w-]+)\.[\w.-]+/g, '@$1')
    for (const known of [this.#hashes, this.#suffixes])
      for (const [made, name] of known) plain = plain.replaceAll(`-${made}`, `-${name}`)
    return plain
      .replaceAll(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, 'ADDRESS')
      .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, 'TIME')
      .replaceAll(/\b\d+(\.\d+)?(ms|s)\b/g, 'DURATION')
      .replaceAll(/\bweir-node[\w-]*/g, 'NODE')
  }
}
