import type { PublishBound } from '#weir/facts/index.ts'

/** What a broker does not take of the messages, and what a user may do about it. */
export function boundWords({ of, most, has }: PublishBound): { words: string; todo: string } {
  switch (of) {
    case 'packet-size':
      return {
        words: `it accepts packets of at most ${most} bytes, and this message needs ${has}`,
        todo: 'use smaller messages (-S, -m or the file), or raise its maximum packet size',
      }
    case 'qos':
      return { words: `it accepts QoS ${most} at most, and this is QoS ${has}`, todo: `use -q ${most}` }
    case 'retain':
      return { words: 'it does not accept retained messages', todo: 'remove --retain' }
  }
}
