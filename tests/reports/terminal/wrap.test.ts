import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wrap } from '#weir/reports/terminal/wrap.ts'
import { columnsOf } from '#weir/reports/text/columns.ts'

test('lines break at spaces', () => {
  assert.equal(wrap('one two three', 8), ['one two', 'three'])
})

test('a word that is too long is cut', () => {
  assert.equal(wrap('abcdefgh ij', 3), ['abc', 'def', 'gh', 'ij'])
})

test('no line is wider than asked, and no character but space is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const lines = wrap(text, width)
      assert.ok(lines.length >= 1)
      for (const line of lines) assert.ok([...line].length <= width)
      assert.is(lines.join('').replace(/\s/g, ''), text.replace(/\s/g, ''))
    }),
  )
})

test('Chinese breaks between characters, and takes two columns each', () => {
  assert.equal(wrap('节点 emqx-0 断开了客户端。', 12), ['节点 emqx-0', '断开了客户', '端。'])
})

test('no line begins with a full stop or ends with an opening bracket', () => {
  for (let width = 12; width < 30; width++)
    for (const line of wrap('旧节点（emqx-0）断开，没有客户端丢失；全部在线。', width)) {
      assert.not.match(line, /^[。，；）]|（$/)
      assert.ok(columnsOf(line) <= width, line)
    }
})

test.run()
