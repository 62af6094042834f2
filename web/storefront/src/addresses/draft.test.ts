import { expect, test } from 'vitest'
import { bodyOf, draftOf, hiddenPhone, lineOf } from './draft'

const address = {
  address_id: 'a',
  contact: '程晓',
  phone: '13800006021',
  country: 'CN',
  division_code: '310104',
  province: '上海市',
  city: '上海市',
  district: '徐汇区',
  street: '宜山路 700 号',
  postcode: '',
  is_default: true,
}

test('a place is sent by its code, or by its names, never by both', () => {
  expect(bodyOf(draftOf(address))).toMatchObject({ division_code: '310104', contact: '程晓' })
  expect(bodyOf(draftOf(address))).not.toHaveProperty('province')
  const written = bodyOf({ ...draftOf(address), isWritten: true })
  expect(written).toMatchObject({ province: '上海市', district: '徐汇区' })
  expect(written).not.toHaveProperty('division_code')
  expect(written).not.toHaveProperty('isWritten')
})

test('an old address without a code is written by hand', () => {
  expect(draftOf({ ...address, division_code: null }).isWritten).toBe(true)
  expect(draftOf().isWritten).toBe(false)
})

test('a city that is its province is named once', () => {
  expect(lineOf(address)).toBe('上海市徐汇区宜山路 700 号')
  expect(lineOf({ ...address, street: '700 Yishan Road' })).toBe('上海市徐汇区 700 Yishan Road')
})

test('the middle of a mobile number is hidden, other numbers are shown', () => {
  expect(hiddenPhone('13800006021')).toBe('138 **** 6021')
  expect(hiddenPhone('021-5555 8888')).toBe('021-5555 8888')
})
