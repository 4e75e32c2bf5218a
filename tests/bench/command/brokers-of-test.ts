import { FakeBroker, type Manners } from '../support/fake-broker.ts'

const open: FakeBroker[] = []

/** A broker that `closeLeft` closes, should the test fail before it does: one left open would keep the file from ending. */
export async function listen(manners: Partial<Manners> = {}): Promise<FakeBroker> {
  const broker = await FakeBroker.listen(manners)
  open.push(broker)
  return broker
}

export async function closeLeft(): Promise<void> {
  for (const broker of open.splice(0)) await broker.close()
}
