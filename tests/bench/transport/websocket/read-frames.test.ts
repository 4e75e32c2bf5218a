import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocketBroken } from '#weir/bench/transport/websocket/errors.ts'
import {
  type FrameListener,
  type FrameState,
  readFrames,
} from '#weir/bench/transport/websocket/read-frames.ts'
import { encode, type ServerFrame, serverFrames } from './server-frames.ts'

class Reader implements FrameState, FrameListener<Reader> {
  left = 0
  inMessage = false
  held: Buffer | null = null
  readonly payload: Buffer[] = []
  readonly controls: [number, string][] = []
  /** Closes after this many controls. */
  patience = Number.POSITIVE_INFINITY

  read(bytes: Buffer): void {
    readFrames(this, bytes, bytes.length, this)
  }

  onPayload(_: Reader, bytes: Buffer, start: number, end: number): void {
    assert.ok(end > start, 'nobody is told of nothing')
    this.payload.push(Buffer.from(bytes.subarray(start, end)))
  }

  onControl(_: Reader, opcode: number, payload: Buffer): void {
    this.controls.push([opcode, payload.toString('hex')])
  }

  isOpen(): boolean {
    return this.controls.length < this.patience
  }

  get stream(): string {
    return Buffer.concat(this.payload).toString('hex')
  }
}

const DATA = (opcode: number) => opcode < 8

function assertReads(reader: Reader, frames: readonly ServerFrame[]): void {
  const data = frames.filter(({ opcode }) => DATA(opcode)).map(({ payload }) => payload)
  assert.is(reader.stream, Buffer.concat(data).toString('hex'))
  // A pong needs no answer, so nobody is told.
  const controls = frames
    .filter(({ opcode }) => opcode === 9)
    .map(({ payload }) => [9, payload.toString('hex')])
  assert.equal(reader.controls, controls)
  assert.equal([reader.left, reader.held], [0, null], 'nothing is left over')
}

test('any frames in any pieces: the same bytes and pings', () => {
  fc.assert(
    fc.property(serverFrames, fc.infiniteStream(fc.integer({ min: 1, max: 300 })), (frames, sizes) => {
      const reader = new Reader()
      const bytes = Buffer.concat(frames.map((frame) => encode(frame)))
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value as number
        reader.read(bytes.subarray(at, at + size))
        at += size
      }
      assertReads(reader, frames)
    }),
  )
})

test('split in two at every byte, and byte by byte', () => {
  const frames: ServerFrame[] = [
    { fin: false, opcode: 2, payload: Buffer.from('first') },
    { fin: true, opcode: 9, payload: Buffer.from('ping') },
    { fin: true, opcode: 0, payload: Buffer.alloc(300, 'x') },
    { fin: true, opcode: 2, payload: Buffer.alloc(0) },
    { fin: true, opcode: 10, payload: Buffer.alloc(0) },
    { fin: true, opcode: 2, payload: Buffer.from('last') },
  ]
  const bytes = Buffer.concat(frames.map((frame) => encode(frame)))
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new Reader()
    reader.read(bytes.subarray(0, cut))
    reader.read(bytes.subarray(cut))
    assertReads(reader, frames)
  }
  const reader = new Reader()
  for (const byte of bytes) reader.read(Buffer.from([byte]))
  assertReads(reader, frames)
})

test('lengths may be written longer than need be', () => {
  for (const lengthBytes of [1, 3, 9] as const) {
    const reader = new Reader()
    const frame = { fin: true, opcode: 2, payload: Buffer.from('text') }
    reader.read(encode(frame, lengthBytes))
    assertReads(reader, [frame])
  }
})

test('whoever closes hears nothing more', () => {
  const reader = new Reader()
  reader.patience = 1
  reader.read(
    Buffer.concat(
      [
        { fin: true, opcode: 8, payload: Buffer.from([3, 232]) },
        { fin: true, opcode: 2, payload: Buffer.from('too late') },
      ].map((frame) => encode(frame)),
    ),
  )
  assert.equal(reader.controls, [[8, '03e8']])
  assert.is(reader.stream, '')
})

const BROKEN: Record<string, Buffer> = {
  'a text frame': encode({ fin: true, opcode: 1, payload: Buffer.from('x') }),
  'a frame of the unknown kind 3': encode({ fin: true, opcode: 3, payload: Buffer.from('x') }),
  'a frame of the unknown kind 11': encode({ fin: true, opcode: 11, payload: Buffer.from('x') }),
  'an extension': Buffer.from([0xc2, 0x00]),
  'a masked frame': Buffer.from([0x82, 0x81, 1, 2, 3, 4, 5]),
  'control frame that is split': encode({ fin: false, opcode: 9, payload: Buffer.from('x') }),
  'split or too long': encode({ fin: true, opcode: 9, payload: Buffer.alloc(126) }),
  'begins twice or not at all': encode({ fin: true, opcode: 0, payload: Buffer.from('x') }),
  'begins twice': Buffer.concat([
    encode({ fin: false, opcode: 2, payload: Buffer.from('x') }),
    encode({ fin: true, opcode: 2, payload: Buffer.from('x') }),
  ]),
  'without end': Buffer.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
}

for (const [words, bytes] of Object.entries(BROKEN))
  test(`no server may send it: ${words}`, () => {
    for (const size of [bytes.length, 1]) {
      const reader = new Reader()
      const error = thrownBy(() => {
        for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size))
      })
      assert.instance(error, WebSocketBroken)
      assert.match((error as Error).message, words)
    }
  })

test('garbage is read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (pieces) => {
      const error = thrownBy(() => {
        const reader = new Reader()
        for (const piece of pieces) reader.read(Buffer.from(piece))
      })
      assert.ok(error === undefined || error instanceof WebSocketBroken, String(error))
    }),
    { numRuns: 3000 },
  )
})

function thrownBy(act: () => void): unknown {
  try {
    act()
    return undefined
  } catch (error) {
    return error
  }
}

test.run()
