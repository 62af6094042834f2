import { appIn } from '../vite.app'

export default appIn('operator', '/operator/')
