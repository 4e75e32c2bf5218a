/** JSON that keeps numbers which JSON has no word for. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    typeof one === 'number' && !Number.isFinite(one)
      ? { $number: String(one) }
      : typeof one === 'bigint'
        ? { $bigint: String(one) }
        : one,
  )

export const fromJson = (text: string): unknown =>
  JSON.parse(text, (_, one) => {
    if (typeof one !== 'object' || one === null) return one
    if (typeof one.$number === 'string') return Number(one.$number)
    return typeof one.$bigint === 'string' ? BigInt(one.$bigint) : one
  })
