interface Node<Value> {
  values: Value[]
  below: Map<string, Node<Value>> | undefined
}

/** A trie of topic filters with values, to find all that match a topic without testing each filter. */
export class FilterTree<Value> {
  readonly #root: Node<Value> = { values: [], below: undefined }

  /** `filter` without `$share/<name>/`. */
  add(filter: string, value: Value): void {
    let node = this.#root
    for (const level of filter.split('/')) {
      node.below ??= new Map()
      let next = node.below.get(level)
      if (!next) {
        next = { values: [], below: undefined }
        node.below.set(level, next)
      }
      node = next
    }
    node.values.push(value)
  }

  /** All that belongs to filters which match `topic`: MQTT 5 §4.7.1, §4.7.2. */
  match(topic: string): Value[] {
    const found: Value[] = []
    this.#collect(this.#root, topic.split('/'), 0, topic.startsWith('$'), found)
    return found
  }

  #collect(node: Node<Value>, levels: string[], at: number, own: boolean, found: Value[]): void {
    // A filter that begins with a wildcard matches no topic of the server's own.
    const wildcards = !(own && at === 0)
    const hash = wildcards && node.below?.get('#')
    if (hash) found.push(...hash.values)
    if (at === levels.length) {
      found.push(...node.values)
      return
    }
    const same = node.below?.get(levels[at]!)
    if (same) this.#collect(same, levels, at + 1, own, found)
    const plus = wildcards && node.below?.get('+')
    if (plus && levels[at] !== '+') this.#collect(plus, levels, at + 1, own, found)
  }
}
