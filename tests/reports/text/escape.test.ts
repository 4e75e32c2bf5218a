import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  escapeHtml,
  escapeMarkdown,
  escapeXmlAttribute,
  escapeXmlText,
  jsonForScript,
  visible,
  visibleLine,
} from '#weir/reports/text/escape.ts'
import { parseStrictXml } from '../strict-xml.ts'

const anything = () => fc.string({ unit: 'binary', maxLength: 60 })

test('any text is well-formed XML once escaped, and comes back as what was visible of it', () => {
  fc.assert(
    fc.property(anything(), anything(), (attribute, text) => {
      const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<a b="${escapeXmlAttribute(attribute)}">${escapeXmlText(text)}</a>`
      const element = parseStrictXml(xml)
      assert.is(element.attributes.b, visible(attribute))
      assert.is(element.text, visible(text))
    }),
  )
})

test('any text in HTML opens no tag and ends no attribute', () => {
  fc.assert(
    fc.property(anything(), (text) => {
      assert.not.match(escapeHtml(text), /[<>"']/)
      assert.not.match(escapeHtml(text), /&(?!(amp|lt|gt|quot|#39);)/)
    }),
  )
})

test('any value in a script element is JSON without "<", and the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = jsonForScript(value)
      assert.not.match(text, /[<>&\u2028\u2029]/)
      assert.equal(JSON.parse(text), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('control characters are shown, not obeyed', () => {
  assert.is(visible('a\u0000b\u001bc\u007fd\u0085e'), 'a\u2400b\u241bc\u2421d\ufffde')
  assert.is(visible('kept\n\t'), 'kept\n\t')
  assert.is(visible('\u202egnp.exe'), '\ufffdgnp.exe')
  assert.is(visibleLine('one\r\ntwo\tthree'), 'one two three')
})

test('Markdown stays text', () => {
  assert.is(escapeMarkdown('a|b *c* <d> @e'), 'a\\|b \\*c\\* &lt;d&gt; &#64;e')
})

test.run()
