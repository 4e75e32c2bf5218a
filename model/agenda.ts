/** What happens next, in order of time; things at the same time happen in the order in which they were put down. */
export class Agenda {
  now = 0
  #heap: { t: number; order: number; act: () => void }[] = []
  #order = 0

  at(t: number, act: () => void): void {
    this.#push({ t: Math.max(t, this.now), order: this.#order++, act })
  }

  after(seconds: number, act: () => void): void {
    this.at(this.now + seconds, act)
  }

  /** Does everything until `stopped()` or nothing is left. */
  run(stopped: () => boolean): void {
    while (!stopped()) {
      const next = this.#pop()
      if (!next) return
      this.now = next.t
      next.act()
    }
  }

  #before(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a]!, this.#heap[b]!]
    return x.t < y.t || (x.t === y.t && x.order < y.order)
  }

  #swap(a: number, b: number): void {
    const held = this.#heap[a]!
    this.#heap[a] = this.#heap[b]!
    this.#heap[b] = held
  }

  #push(item: { t: number; order: number; act: () => void }): void {
    this.#heap.push(item)
    let i = this.#heap.length - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.#before(i, parent)) return
      this.#swap(i, parent)
      i = parent
    }
  }

  #pop() {
    const top = this.#heap[0]
    const last = this.#heap.pop()
    if (!top || !last || this.#heap.length === 0) return top
    this.#heap[0] = last
    let i = 0
    for (;;) {
      const left = 2 * i + 1
      let least = i
      if (left < this.#heap.length && this.#before(left, least)) least = left
      if (left + 1 < this.#heap.length && this.#before(left + 1, least)) least = left + 1
      if (least === i) return top
      this.#swap(i, least)
      i = least
    }
  }
}
