/** Personal data on a screen that others may see: enough to recognise it, until the whole is asked for. */

export function maskedName(name: string): string {
  return `${[...name][0] ?? ''}**`
}

export function maskedPhone(phone: string): string {
  return phone.length < 8 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`
}
