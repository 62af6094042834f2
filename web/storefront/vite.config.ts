import { appIn } from '../vite.app'

export default appIn('storefront', '/')
