import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PRESET_NAMES, PRESETS, type PresetName } from '#weir/bench/policies/presets.ts'

/** The waits of one client whose attempts all fail, with every random number the same. */
function waits(name: PresetName, count: number, random: number): (number | 'stop')[] {
  const list: (number | 'stop')[] = []
  let lastMs = 0
  for (let attempt = 1; attempt <= count; attempt++) {
    const wait = PRESETS[name].nextWait(attempt, lastMs, () => random)
    list.push(wait)
    if (wait === 'stop') break
    lastMs = wait
  }
  return list
}

const ALMOST_ONE = 1 - 2 ** -32
const s = (...seconds: number[]) => seconds.map((second) => second * 1000)

/** Read off tests/fixtures/reconnect/presets.json, which was read off the clients' sources. */
const WITHOUT_JITTER: Partial<Record<PresetName, (number | 'stop')[]>> = {
  mqttjs: s(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
  'mqttjs-as-is': s(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
  'mqttx-bench': [...s(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 'stop'],
  'mqttx-bench-as-is': [...s(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 'stop'],
  emqtt: s(5, 5, 5, 5),
  'emqtt-bench': ['stop'],
  'paho-java': s(1, 2, 4, 8, 16, 32, 64, 128, 128),
  'paho-python': s(1, 2, 4, 8, 16, 32, 64, 120, 120),
  'paho-go': s(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600),
  'paho-go-v5': s(0, 10, 10, 10),
  mosquitto: s(1, 1, 1),
  'esp-mqtt': s(10, 10, 10),
  rumqttc: s(0, 0, 0),
  'naive-immediate': s(0, 0, 0),
}

for (const [name, expected] of Object.entries(WITHOUT_JITTER))
  test(`${name} waits as its source says, whatever it draws`, () => {
    for (const random of [0, 0.5, ALMOST_ONE])
      assert.equal(waits(name as PresetName, expected.length, random), expected)
  })

/** Lowest and highest wait in seconds of each attempt. */
const WITH_JITTER: Partial<Record<PresetName, { low: number[]; high: number[]; stops?: true }>> = {
  'paho-c': { low: [0, 1, 3, 6, 13, 26, 50, 50], high: [1, 2, 4, 9, 19, 38, 72, 72] },
  'hivemq-java': {
    low: [0.75, 1.5, 3, 6, 12, 24, 48, 90, 90],
    high: [1.25, 2.5, 5, 10, 20, 40, 80, 150, 150],
  },
  'aws-iot': { low: [0, 0, 0, 0, 0, 0, 0, 0, 0], high: [1, 2, 4, 8, 16, 32, 64, 120, 120] },
  'aws-embedded-c': { low: [0, 0, 0, 0], high: [1, 2, 4, 8], stops: true },
}

for (const [name, { low, high, stops }] of Object.entries(WITH_JITTER))
  test(`${name} stays between its lowest and highest wait`, () => {
    const least = waits(name as PresetName, low.length + (stops ? 1 : 0), 0)
    const most = waits(name as PresetName, high.length + (stops ? 1 : 0), ALMOST_ONE)
    if (stops) assert.equal([least.pop(), most.pop()], ['stop', 'stop'])
    assert.equal(least, s(...low))
    for (const [i, wait] of most.entries())
      assert.ok(Math.abs((wait as number) - high[i]! * 1000) < 0.01, `attempt ${i + 1}: ${wait}`)
  })

test('azure-iot-ops doubles from 128 ms and draws down by up to a tenth', () => {
  assert.equal(waits('azure-iot-ops', 4, 0), [128, 256, 512, 1024])
  const [first, , , fourth] = waits('azure-iot-ops', 4, ALMOST_ONE) as number[]
  assert.ok(Math.abs(first! - 115.2) < 0.01)
  assert.ok(Math.abs(fourth! - 921.6) < 0.01)
})

test('paho-c draws whole seconds, both ends included', () => {
  const drawn = new Set<number | 'stop'>()
  for (let i = 0; i < 100; i++) drawn.add(PRESETS['paho-c'].nextWait(5, 0, () => i / 100))
  assert.equal(
    [...drawn].sort((a, b) => Number(a) - Number(b)),
    s(13, 14, 15, 16, 17, 18, 19),
  )
})

test('every preset is tested here', () => {
  const tested = [...Object.keys(WITHOUT_JITTER), ...Object.keys(WITH_JITTER), 'azure-iot-ops']
  assert.equal(tested.sort(), [...PRESET_NAMES].sort())
})

test.run()
