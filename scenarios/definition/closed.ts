import Type from 'typebox'

/** An object that has these keys and no others. */
export const closed = <Properties extends Type.TProperties>(
  properties: Properties,
  options: Type.TObjectOptions = {},
) => Type.Object(properties, { ...options, additionalProperties: false })
