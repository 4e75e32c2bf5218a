import { EXIT, usageError } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'
import { planOptions } from '../plan/options.ts'

export const plan = defineCommand({
  usage: 'plan',
  summary: 'predict what an update will do to clients, or find the rates that keep to goals',
  examples: [
    ['plan --clients 100000 --conn-evict-rate 500', 'what an update at this rate does to clients'],
    ['plan --clients 100000 --max-downtime-p99 5s', 'the rates that keep to a goal'],
  ],
  options: (yargs) => planOptions(yargs),
  async run(flags, output) {
    const { predict, safeRates } = await import('#weir/model/index.ts')
    const { goalsOf, settingOf } = await import('../plan/setting.ts')
    const { seconds } = await import('../plan/quantity.ts')
    const { licenceUse } = await import('../plan/licence.ts')
    const { planText } = await import('../plan/text.ts')
    const asked = settingOf(flags)
    const goals = goalsOf(flags)
    const licence = licenceUse(flags)
    const rate = flags['conn-evict-rate']
    if ((rate === undefined) === (goals === undefined))
      throw usageError(
        'give either --conn-evict-rate or goals: --max-downtime-p99, --max-offline, --accept-rate, --within',
      )
    const found = goals && safeRates(asked, goals)
    const setting = found ? { ...asked, connEvictRate: found.fastest, sessEvictRate: found.fastest } : asked
    const planned = {
      blueGreen: found?.prediction ?? predict(setting),
      rolling: predict(setting, 'rolling'),
      clients: setting.clients,
      ...(flags.tls !== undefined && { tlsSeconds: seconds('tls', flags.tls) }),
      ...(licence && { licence }),
    }
    const safe = found && { slowest: found.slowest, fastest: found.fastest }
    if (flags.html !== undefined) {
      const { planPage } = await import('../plan/page.ts')
      const { writeResult } = await import('../judge-record.ts')
      await writeResult(flags.html, planPage(planned))
      output.note(flags.html)
    }
    if (flags.json) output.print(JSON.stringify({ setting, ...(safe && { safe }), ...planned }, undefined, 2))
    else {
      if (safe) output.print(`safe rates: ${safe.slowest} to ${safe.fastest} a second; at ${safe.fastest}:\n`)
      output.print(planText(planned, output.columns))
    }
    return EXIT.pass
  },
})
