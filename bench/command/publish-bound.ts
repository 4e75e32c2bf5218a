import type { PublishBound } from '#weir/facts/index.ts'

/** What a broker does not take of the messages, and what a user may do about it. */
export function boundWords({ of, most, has }: PublishBound): { words: string; todo: string } {
  switch (of) {
    case 'packet-size':
      return {
        words: `it takes no packet larger than ${most} bytes, and this message makes one of ${has}`,
        todo: 'send less in a message (-S, -m or the file), or raise its maximum packet size',
      }
    case 'qos':
      return { words: `it takes no QoS above ${most}, and this is QoS ${has}`, todo: `take -q ${most}` }
    case 'retain':
      return { words: 'it takes no retained messages', todo: 'leave out --retain' }
  }
}
