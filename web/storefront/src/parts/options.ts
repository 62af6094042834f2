/** The options of a SKU as one text says them. */

/** The values alone: `Colour: red, Size: L` is `red,L`. */
export const valuesIn = (options: string) => options.replace(/[^:：,，]+[:：]\s*/g, '')
