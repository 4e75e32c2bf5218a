import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesSection } from '#weir/reports/html/messages-section.ts'
import { renderHtml } from '#weir/reports/index.ts'
import { HOSTILE, smallReport } from '../small-report.ts'

/** The words of a table's row, by its heading. */
const rowOf = (html: string, heading: string) => {
  const [, cells = ''] = new RegExp(`<th scope="row">${heading}</th>(.*?)</tr>`).exec(html) ?? []
  return [...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, text]) => text)
}

test('what became of the messages stands in one row a quality of service, and how long they took below', () => {
  const html = renderHtml(smallReport())
  assert.equal(rowOf(html, 'QoS 1'), ['8', '8', '7', '1', '0', '0', '1', '0'])
  assert.equal(rowOf(html, 'until delivered, QoS 1'), ['2.5 ms', '4.0 ms', '1.00 s', '1.00 s', '1.00 s'])
  assert.equal(rowOf(html, 'until acknowledged, QoS 1')[0], '1.3 ms')
  assert.match(html, /<dt>messages lost<\/dt><dd>1<small>of 8 acknowledged<\/small>/)
})

test('a run without messages, or without their whole account, has no such section', () => {
  const report = smallReport()
  const { messages, ...record } = report.run.record
  assert.is(messagesSection({ ...report, run: { ...report.run, record } }), '')
  const broken = { ...record, messages: { ...messages!, complete: false } }
  assert.is(messagesSection({ ...report, run: { ...report.run, record: broken } }), '')
})

test('a will that came to its subscriber twice is one will, and a copy', () => {
  const report = smallReport()
  const will = { publisher: 0, attempt: 1, subscriber: 1 }
  const wills = [
    { ...will, t: 1e9 },
    { ...will, t: 2e9 },
    { ...will, attempt: 2, t: 3e9 },
  ]
  const record = { ...report.run.record, messages: { ...report.run.record.messages!, wills } }
  const html = messagesSection({ ...report, run: { ...report.run, record } })
  assert.match(html, '2 wills arrived, and 1 duplicate.')
})

test('whatever was put into an account stays text', () => {
  const report = smallReport()
  const messages = structuredClone(report.run.record.messages!)
  const foreign = HOSTILE as unknown as number
  messages.publishers[0]!.sent = foreign
  messages.publishers[0]!.receipts[0]!.lost = foreign
  messages.latencies[0]!.p50Ms = foreign
  messages.publishers[0]!.topic = HOSTILE
  const record = { ...report.run.record, messages }
  const html = messagesSection({ ...report, run: { ...report.run, record } })
  assert.equal(rowOf(html, 'QoS 1').slice(0, 4), ['0', '8', '7', '0'])
  assert.is(rowOf(html, 'until acknowledged, QoS 1')[0], '–')
  assert.not.match(html, /<script|onerror/)
})

test.run()
