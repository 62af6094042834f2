/** The addresses of the pages. The server knows them as well (gateway/web/site.py), and answers 404 for all others. */

import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** A page on which one thing is done has a plain head with this title, and neither search nor bar. */
    plain?: string
    /** The page has its own bar at the bottom of a phone, so that the cart is in the head. */
    buybar?: boolean
  }
}

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/HomePage.vue'), meta: { words: ['goods', 'coupons'] } },
  { path: '/goods', name: 'goods', component: () => import('./pages/ListingPage.vue'), meta: { words: ['goods'] } },
  { path: '/products/:productId', name: 'product', component: () => import('./pages/ProductPage.vue'), meta: { words: ['goods', 'buy'], buybar: true } },
  { path: '/cart', name: 'cart', component: () => import('./pages/CartPage.vue'), meta: { words: ['cart'] } },
  { path: '/checkout', name: 'checkout', component: () => import('./pages/CheckoutPage.vue'), meta: { words: ['checkout', 'address'], plain: 'checkout.title', signedIn: true } },
  { path: '/pay/:checkoutId', name: 'pay', component: () => import('./pages/PayPage.vue'), meta: { words: ['pay', 'returned'], plain: 'pay.title', signedIn: true } },
  { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue'), meta: { words: ['sign'], plain: 'sign.in.title' } },
  { path: '/recover', name: 'recover', component: () => import('./pages/RecoverPage.vue'), meta: { words: ['sign'], plain: 'sign.recover.title' } },
  { path: '/register', name: 'register', component: () => import('./pages/RegisterPage.vue'), meta: { words: ['sign'], plain: 'sign.up.title' } },
  { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue'), meta: { words: ['orders'], signedIn: true } },
  { path: '/orders/:orderId', name: 'order', component: () => import('./pages/OrderPage.vue'), meta: { words: ['orders', 'returned'], signedIn: true } },
  { path: '/orders/:orderId/refund', name: 'refund', component: () => import('./pages/RefundPage.vue'), meta: { words: ['orders'], signedIn: true } },
  { path: '/coupons', name: 'coupons', component: () => import('./pages/CouponsPage.vue'), meta: { words: ['coupons'] } },
  { path: '/shops/:shopId', name: 'shop', component: () => import('./pages/ShopPage.vue'), meta: { words: ['goods', 'shop', 'coupons'] } },
  { path: '/me', name: 'me', component: () => import('./pages/MePage.vue'), meta: { words: ['me', 'orders'], signedIn: true } },
  { path: '/me/addresses', name: 'addresses', component: () => import('./pages/AddressesPage.vue'), meta: { words: ['me', 'address'], signedIn: true } },
  { path: '/me/messages', name: 'messages', component: () => import('./pages/MessagesPage.vue'), meta: { words: ['me'], signedIn: true } },
  { path: '/me/sessions', name: 'sessions', component: () => import('./pages/DevicesPage.vue'), meta: { words: ['me'], signedIn: true } },
  { path: '/me/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue'), meta: { words: ['me'], signedIn: true } },
  { path: '/invitations', name: 'invitation', component: () => import('./pages/InvitationPage.vue'), meta: { words: ['invitation'] } },
  { path: '/help', name: 'help', component: () => import('./pages/HelpPage.vue'), meta: { words: ['help'] } },
  { path: '/help/:topic', name: 'article', component: () => import('./pages/HelpPage.vue'), meta: { words: ['help'] } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
]
