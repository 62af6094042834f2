/** An address while it is typed, and what is sent of it. */

import type { AddAddress, Address } from '@jishi/client'

export interface Draft {
  contact: string
  phone: string
  /** The deepest chosen division, empty before one is chosen. */
  division_code: string
  /** Whether the place is written by hand, and not chosen from the list. */
  isWritten: boolean
  province: string
  city: string
  district: string
  street: string
  postcode: string
  is_default: boolean
}

export function draftOf(address?: Address): Draft {
  return {
    contact: address?.contact ?? '',
    phone: address?.phone ?? '',
    division_code: address?.division_code ?? '',
    isWritten: Boolean(address && !address.division_code),
    province: address?.province ?? '',
    city: address?.city ?? '',
    district: address?.district ?? '',
    street: address?.street ?? '',
    postcode: address?.postcode ?? '',
    is_default: address?.is_default ?? false,
  }
}

/** The place either by its code or by its names: both together could contradict each other. */
export function bodyOf({ isWritten, division_code, province, city, district, ...rest }: Draft): AddAddress {
  return isWritten ? { ...rest, country: 'CN', province, city, district } : { ...rest, country: 'CN', division_code }
}

/** The address on one line, as it is written in China: from the province to the door. */
export function lineOf(address: Pick<Address, 'province' | 'city' | 'district' | 'street'>): string {
  const { province, city, district, street } = address
  return [province, city === province ? '' : city, district, /^[\p{Script=Han}]/u.test(street) ? '' : ' ', street].join('')
}

/** A telephone number that is recognised, and not read by whoever looks over a shoulder: `138 **** 6021`. */
export function hiddenPhone(phone: string): string {
  return phone.replace(/^(\+?\d{3})\d{4}(\d{4})$/, '$1 **** $2')
}
