import { appIn } from '../vite.app'

export default appIn('merchant', '/merchant/')
