/** Where a visitor goes after signing in: a page of this shop, never another site. */

const PAGE = /^\/(?![/\\])/

export function nextPage(asked: unknown): string {
  return typeof asked === 'string' && PAGE.test(asked) && !/^\/(sign-in|register|recover)\b/.test(asked) ? asked : '/'
}
